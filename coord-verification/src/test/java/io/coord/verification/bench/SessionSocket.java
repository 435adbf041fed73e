package io.coord.verification.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A session with small frames and little memory, for loads with thousands of them. Never blocks. */
final class SessionSocket {
    private static final int BUFFER_BYTES = 512;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES);

    private SessionSocket(SocketChannel channel) {
        this.channel = channel;
    }

    /** Starts to connect; the handshake is the caller's. */
    static SessionSocket connect(int port, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SessionSocket socket = new SessionSocket(channel);
        boolean connected = channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, socket);
        return socket;
    }

    /** When the selector says that the connection is there. */
    void finishConnect(SelectionKey key) throws IOException {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
    }

    boolean isConnected() {
        return channel.isConnected();
    }

    /** Sends a frame that is ready; the buffer is left as it was. */
    void send(ByteBuffer frame) throws IOException {
        ByteBuffer view = frame.duplicate();
        while (view.hasRemaining()) {
            channel.write(view);
        }
    }

    /** Reads what has come; false when the server has closed the connection. */
    boolean read() throws IOException {
        return channel.read(in) >= 0;
    }

    /** The next whole frame without its length, valid until {@link #read}; null when there is none. */
    @Nullable
    ByteBuffer poll() {
        in.flip();
        if (in.remaining() < 4 || in.remaining() < 4 + in.getInt(0)) {
            in.compact();
            return null;
        }
        byte[] frame = new byte[in.getInt()];
        in.get(frame);
        in.compact();
        return ByteBuffer.wrap(frame);
    }

    void close() throws IOException {
        channel.close();
    }
}
