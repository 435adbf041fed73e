package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Ratis may be told when a member cannot be reached: it goes on after those exceptions, and not after all. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogSocketsTest {
    /** More than the queue of a port that takes one. */
    private static final int CROWD = 8;

    @TempDir
    Path directory;

    private LogSockets sockets(int answerTimeoutMs) {
        MemberSettings settings = new MemberSettings(
                "one",
                1,
                List.of(new Peer(1, "localhost", 2001, 3001, false)),
                false,
                directory,
                directory,
                true,
                1_000,
                1_000,
                500,
                1_000,
                2_000,
                null);
        return new LogSockets(settings, answerTimeoutMs);
    }

    @Test
    void aHostThatDoesNotAnswerIsNoInterrupt() throws Exception {
        List<SocketChannel> crowd = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) full.getLocalSocketAddress();
            for (int i = 0; i < CROWD; i++) {
                SocketChannel waiting = SocketChannel.open();
                crowd.add(waiting);
                waiting.configureBlocking(false);
                waiting.connect(address);
            }

            assertThatThrownBy(() -> sockets(20_000).connect(address))
                    .isInstanceOf(TimeoutIOException.class)
                    .isNotInstanceOf(InterruptedIOException.class)
                    .hasMessageContaining(Integer.toString(address.getPort()));
        } finally {
            for (SocketChannel each : crowd) {
                each.close();
            }
        }
    }

    @Test
    void aNameThatNobodyKnowsIsAnIoException() {
        InetSocketAddress unknown = InetSocketAddress.createUnresolved("nobody.invalid", 2001);

        assertThatThrownBy(() -> sockets(20_000).connect(unknown))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("nobody.invalid");
    }
}
