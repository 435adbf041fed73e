package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import io.coord.server.internal.replication.MemberSettings.PeerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.apache.ratis.protocol.exceptions.TimeoutIOException;
import org.jspecify.annotations.Nullable;

/** Makes the sockets of members' logs. An interrupted thread gets out of what blocks on them: they are those of channels. */
final class LogSockets {
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    private static final int HELLO_TIMEOUT_MS = 10_000;
    private static final int FRAME_SLACK_BYTES = 1 << 20;

    private final MemberSettings settings;
    private final int answerTimeoutMs;
    private final int mostBytes;
    private final @Nullable MemberTls tls;

    /** @param answerTimeoutMs the connection is given up when an answer takes so long */
    LogSockets(MemberSettings settings, int answerTimeoutMs) {
        this.settings = settings;
        this.answerTimeoutMs = answerTimeoutMs;
        this.mostBytes = NodeProperties.entryBytes(settings) + FRAME_SLACK_BYTES;
        PeerTls peerTls = settings.tls();
        this.tls = peerTls == null ? null : new MemberTls(peerTls);
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

    /** Waits for the handshake, where members speak TLS. Whoever connects has a while to say who it is. */
    LogConnection accepted(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.setSoTimeout(HELLO_TIMEOUT_MS);
        return new LogConnection(tls == null ? socket : tls.socketFrom(socket), mostBytes);
    }

    /**
     * Waits for the connection, and for the handshake, where members speak TLS.
     *
     * @throws TimeoutIOException when the host does not answer in time: Ratis takes the JDK's exception for an interrupt, and would send
     *     that member nothing any more
     * @throws UnknownHostException when nobody knows the host's name
     */
    LogConnection connect(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new UnknownHostException(address.getHostString());
        }
        Socket socket = SocketChannel.open().socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, CONNECT_TIMEOUT_MS);
            socket.setSoTimeout(answerTimeoutMs);
            return new LogConnection(
                    tls == null ? socket : tls.socketTo(socket, address.getHostString(), address.getPort()), mostBytes);
        } catch (SocketTimeoutException e) {
            socket.close();
            throw new TimeoutIOException(address + " did not answer in time", e);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
