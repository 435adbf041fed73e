package io.coord.client.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WritabilityProbeTest {
    private int writable;
    private final WritabilityProbe probe = new WritabilityProbe(() -> writable++);
    private final EmbeddedChannel channel = new EmbeddedChannel(probe);

    private void answer(String... pieces) {
        probe.open(channel);
        ByteBuf asked = channel.readOutbound();
        assertThat(asked.toString(StandardCharsets.US_ASCII)).isEqualTo("isro");
        asked.release();
        for (String piece : pieces) {
            channel.writeInbound(Unpooled.copiedBuffer(piece, StandardCharsets.US_ASCII));
        }
    }

    @Test
    void tellsOnceOfAServerThatTakesWrites() {
        answer("r", "w");
        assertThat(writable).isEqualTo(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void tellsNothingOfOneThatDoesNot() {
        answer("ro");
        assertThat(writable).isZero();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void tellsNothingOfOneThatDoesNotAnswerTheQuestion() {
        answer("isro is not executed because it is not in the whitelist.");
        assertThat(writable).isZero();
    }
}
