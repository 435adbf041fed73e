package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.wire.MalformedRecordException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LinkMessageTest {
    private static final List<LinkMessage> ALL = List.of(
            new LinkMessage.Hello(new UUID(1, 2), 3),
            new LinkMessage.Ping(4),
            new LinkMessage.Pong(5, 6, 7),
            new LinkMessage.Submitted(new byte[] {8, 9}),
            new LinkMessage.Broken(10, 11),
            new LinkMessage.Touched(12, new long[] {13, 14}));

    @Test
    void eachMessageIsReadAsItWasWrittenHoweverItIsCut() {
        for (int size = 1; size < 40; size++) {
            ByteBuf wire = Unpooled.buffer();
            EmbeddedChannel writer = new EmbeddedChannel(new LinkCodec(1_000));
            ALL.forEach(writer::writeOutbound);
            for (ByteBuf each = writer.readOutbound(); each != null; each = writer.readOutbound()) {
                wire.writeBytes(each);
                each.release();
            }
            EmbeddedChannel reader = new EmbeddedChannel(new LinkCodec(1_000));
            while (wire.isReadable()) {
                reader.writeInbound(wire.readBytes(Math.min(size, wire.readableBytes())));
            }

            for (LinkMessage each : ALL) {
                assertThat(reader.<LinkMessage>readInbound())
                        .usingRecursiveComparison()
                        .isEqualTo(each);
            }
            assertThat(reader.<LinkMessage>readInbound()).isNull();
        }
    }

    @Test
    void rejectsWhatEndsTooSoonOrTooLate() {
        for (LinkMessage each : ALL) {
            ByteBuf whole = Unpooled.buffer();
            LinkMessage.write(each, whole);
            if (!(each instanceof LinkMessage.Submitted)) {
                assertThatThrownBy(() -> LinkMessage.read(whole.slice(0, whole.readableBytes() - 1)))
                        .isInstanceOf(MalformedRecordException.class);
                ByteBuf more = whole.copy().writeByte(0);
                assertThatThrownBy(() -> LinkMessage.read(more)).isInstanceOf(MalformedRecordException.class);
            }
        }
        assertThatThrownBy(() -> LinkMessage.read(Unpooled.wrappedBuffer(new byte[] {99})))
                .isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void aLengthThatNoMessageHasEndsTheConnection() {
        EmbeddedChannel reader = new EmbeddedChannel(new LinkCodec(1_000));

        assertThatThrownBy(() -> reader.writeInbound(Unpooled.copyInt(1_001))).isInstanceOf(DecoderException.class);
    }
}
