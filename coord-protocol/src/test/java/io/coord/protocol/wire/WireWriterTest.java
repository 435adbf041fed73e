package io.coord.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireWriterTest {
    private final ByteBuf buffer = Unpooled.buffer(16);
    private final WireWriter writer = new WireWriter(buffer);

    @Test
    void aFrameOfExactlyItsLimitIsKept() {
        int mark = writer.beginFrame(8 + 4 + 6 + 4 + 3 + 1);
        writeAll();

        assertThat(writer.endFrame(mark)).isEqualTo(26);
        assertThat(ByteBufUtil.hexDump(buffer))
                .isEqualTo(
                        "0000001a" + "0000000000000001" + "00000006" + "c3a4e282ac78" + "00000003" + "010203" + "01");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 11, 12, 15, 17, 18, 21, 24, 25})
    void aLongerOneIsCountedToItsEndAndLeavesNothing(int limit) {
        writer.writeInt(42);
        int mark = writer.beginFrame(limit);
        writeAll();

        assertThat(writer.endFrame(mark)).isEqualTo(26);
        assertThat(ByteBufUtil.hexDump(buffer)).isEqualTo("0000002a");
    }

    @Test
    void theLimitEndsWithItsFrame() {
        writer.endFrame(begunTooShort());
        int mark = writer.beginFrame();
        writeAll();

        assertThat(writer.endFrame(mark)).isEqualTo(26);
        assertThat(buffer.readableBytes()).isEqualTo(30);
        begunTooShort();
        writer.reset(buffer.clear());
        writer.writeLong(1);
        assertThat(buffer.readableBytes()).isEqualTo(8);
    }

    @Test
    void aLongRecordDoesNotMakeTheBufferGrowBeyondTheLimit() {
        List<String> names = Collections.nCopies(100_000, "a-name-of-a-child");
        int mark = writer.beginFrame(1_000);
        writer.writeStrings(names);
        writer.writeBuffer(new byte[5_000_000]);

        assertThat(writer.endFrame(mark)).isEqualTo(4 + 100_000L * (4 + 17) + 4 + 5_000_000);
        assertThat(buffer.capacity()).isLessThanOrEqualTo(2_048);
    }

    @Test
    void countsWhatItWouldHaveWritten() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            long seed = random.nextLong();
            buffer.clear();
            int whole = writer.beginFrame();
            write(new Random(seed));
            long length = writer.endFrame(whole);
            buffer.clear();
            int limit = random.nextInt((int) length + 20);
            int limited = writer.beginFrame(limit);
            write(new Random(seed));

            assertThat(writer.endFrame(limited))
                    .as("seed %d, limit %d", seed, limit)
                    .isEqualTo(length);
            assertThat(buffer.readableBytes())
                    .as("seed %d, limit %d", seed, limit)
                    .isEqualTo(limit < length ? 0 : (int) length + 4);
        }
    }

    private int begunTooShort() {
        int mark = writer.beginFrame(3);
        writer.writeInt(1);
        return mark;
    }

    private void writeAll() {
        writer.writeLong(1);
        writer.writeString("\u00e4\u20acx");
        writer.writeBuffer(new byte[] {1, 2, 3});
        writer.writeBool(true);
    }

    private void write(Random random) {
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> writer.writeInt(1);
                case 1 -> writer.writeLong(1);
                case 2 -> writer.writeBool(true);
                case 3 -> writer.writeBuffer(random.nextInt(4) == 0 ? null : new byte[random.nextInt(20)]);
                case 4 ->
                    writer.writeString(random.nextInt(4) == 0 ? null : "\u00e4\u20acxyz".repeat(random.nextInt(4)));
                default -> writer.writeStrings(Collections.nCopies(random.nextInt(4), "\u20ac"));
            }
        }
    }
}
