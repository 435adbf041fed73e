package io.coord.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireReaderTest {
    private static final long FAR_BELOW_THE_LENGTH = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -2, 1_000_000_000, 9})
    void refusesALengthThatTheFrameCannotHoldAndAllocatesNothing(int length) {
        List<Consumer<WireReader>> reads = List.of(
                WireReader::readBuffer,
                WireReader::readString,
                WireReader::readNullableString,
                WireReader::readStrings,
                in -> in.readNullableVector(12, WireReader::readInt));
        for (Consumer<WireReader> read : reads) {
            ByteBuf frame = Unpooled.buffer().writeInt(length).writeLong(0);
            long before = allocatedBytes();
            assertThatThrownBy(() -> read.accept(new WireReader(frame))).isInstanceOf(MalformedRecordException.class);
            assertThat(allocatedBytes() - before).isLessThan(FAR_BELOW_THE_LENGTH);
        }
    }

    @Test
    void boundsACountByTheFewestBytesOfAnElement() {
        ByteBuf frame = Unpooled.buffer().writeInt(2).writeZero(23);
        assertThatThrownBy(() -> new WireReader(frame).readNullableVector(12, in -> 0))
                .isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void readsTheSameStringFromHeapAndDirectMemory() {
        String text = "zürich-東京-".repeat(100);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer();
        try {
            direct.writeInt(utf8.length)
                    .writeBytes(utf8)
                    .writeInt(2)
                    .writeByte('o')
                    .writeByte('k');
            WireReader in = new WireReader(direct);
            assertThat(in.readString()).isEqualTo(text);
            assertThat(in.readString()).isEqualTo("ok");
        } finally {
            direct.release();
        }
        ByteBuf slice = Unpooled.buffer().writeLong(7).writeInt(utf8.length).writeBytes(utf8);
        slice.skipBytes(8);
        assertThat(new WireReader(slice.readSlice(slice.readableBytes())).readString())
                .isEqualTo(text);
    }

    @Test
    void tellsNullFromEmpty() {
        ByteBuf frame = Unpooled.buffer();
        WireWriter out = new WireWriter(frame);
        out.writeBuffer(null);
        out.writeBuffer(new byte[0]);
        out.writeString(null);
        out.writeString("");
        out.writeVector(null, (element, to) -> {});
        WireReader in = new WireReader(frame);
        assertThat(in.readBuffer()).isNull();
        assertThat(in.readBuffer()).isEmpty();
        assertThat(in.readNullableString()).isNull();
        assertThat(in.readNullableString()).isEmpty();
        assertThat((List<?>) in.readNullableVector(1, WireReader::readBool)).isNull();
        assertThat(in.remaining()).isZero();
    }

    @Test
    void refusesANullStringWhereTheProtocolNeedsOne() {
        assertThatThrownBy(() -> new WireReader(Unpooled.buffer().writeInt(-1)).readString())
                .isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void framesWhatIsWrittenBetweenItsMarks() {
        ByteBuf out = Unpooled.buffer();
        WireWriter writer = new WireWriter(out);
        int first = writer.beginFrame();
        writer.writeLong(1);
        writer.endFrame(first);
        int second = writer.beginFrame();
        writer.endFrame(second);
        assertThat(out.readInt()).isEqualTo(Long.BYTES);
        assertThat(out.readLong()).isEqualTo(1);
        assertThat(out.readInt()).isZero();
        assertThat(out.isReadable()).isFalse();
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
