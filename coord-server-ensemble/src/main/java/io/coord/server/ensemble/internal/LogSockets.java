package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Makes the sockets of members' logs. An interrupted thread gets out of what blocks on them: they are those of channels. */
final class LogSockets {
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    private static final int FRAME_SLACK_BYTES = 1 << 20;

    private final MemberSettings settings;
    private final int answerTimeoutMs;
    private final int mostBytes;

    /** @param answerTimeoutMs the connection is given up when an answer takes so long */
    LogSockets(MemberSettings settings, int answerTimeoutMs) {
        this.settings = settings;
        this.answerTimeoutMs = answerTimeoutMs;
        this.mostBytes = NodeProperties.entryBytes(settings) + FRAME_SLACK_BYTES;
    }

    /**
     * Opens this member's first port.
     *
     * @param self where it is
     */
    ServerSocketChannel listen(Peer self) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(
                    settings.listenOnAllAddresses()
                            ? new InetSocketAddress(self.logPort())
                            : new InetSocketAddress(self.host(), self.logPort()));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException(
                    "Cannot listen for other members on " + self.host() + ':' + self.logPort() + ": " + e.getMessage(),
                    e);
        }
    }

    LogConnection accepted(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        return new LogConnection(socket, mostBytes);
    }

    LogConnection connect(InetSocketAddress address) throws IOException {
        Socket socket = SocketChannel.open().socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, CONNECT_TIMEOUT_MS);
            socket.setSoTimeout(answerTimeoutMs);
            return new LogConnection(socket, mostBytes);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
