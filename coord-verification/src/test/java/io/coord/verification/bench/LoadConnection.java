package io.coord.verification.bench;

import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;
import org.apache.zookeeper.proto.ConnectRequest;

/**
 * One session of the load generator. It sends ready frames and looks at the header and the length of a reply only: the
 * generator must cost far less than the server. Latencies count from the moment that a request was due, which is the moment
 * of sending unless a schedule says otherwise.
 */
final class LoadConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final int HANDSHAKE_REPLY_BYTES = 41;
    private static final int CLOSE_XID = Integer.MAX_VALUE;

    private final SocketChannel channel;
    private final RequestSource source;
    private final int window;
    private final Histogram latencies;
    private final ByteBuffer out;
    private final ByteBuffer in;
    private final long[] dueAt;
    /** Of the generator's own pauses, when the request was due; see {@link #append(long, long)}. */
    private final long[] pausedAt;

    private long paused;
    private long sent;
    private long received;
    private boolean recording;

    private LoadConnection(SocketChannel channel, RequestSource source, int window, Histogram latencies) {
        this.channel = channel;
        this.source = source;
        this.window = window;
        this.latencies = latencies;
        this.out = ByteBuffer.allocateDirect(Math.max(BUFFER_BYTES, source.longestRequestBytes()));
        this.in = ByteBuffer.allocateDirect(Math.max(BUFFER_BYTES, 2 * source.longestReplyBytes()));
        this.dueAt = new long[window];
        this.pausedAt = new long[window];
        this.in.limit(0);
    }

    /** Connects and opens a session. The channel blocks until somebody changes that. */
    static LoadConnection open(int port, int sessionMs, RequestSource source, int window, Histogram latencies)
            throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.write(handshake(sessionMs));
            ByteBuffer reply = ByteBuffer.allocate(HANDSHAKE_REPLY_BYTES);
            while (reply.hasRemaining()) {
                if (channel.read(reply) < 0) {
                    throw new IOException("closed during the handshake");
                }
            }
            return new LoadConnection(channel, source, window, latencies);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The frame that asks for a new session. */
    static ByteBuffer handshake(int sessionMs) {
        byte[] record = RawConnection.encode(new ConnectRequest(0, 0, sessionMs, 0, new byte[16], false));
        return ByteBuffer.allocate(4 + record.length)
                .putInt(record.length)
                .put(record)
                .flip();
    }

    SocketChannel channel() {
        return channel;
    }

    RequestSource source() {
        return source;
    }

    long sent() {
        return sent;
    }

    long received() {
        return received;
    }

    void setRecording(boolean record) {
        recording = record;
    }

    /** Tells how long the generator itself has been held up so far. */
    void setPaused(long nanos) {
        paused = nanos;
    }

    /** Sends as many requests as the window has room for, in as few system calls as the buffer allows. */
    void fill() throws IOException {
        fill(Long.MAX_VALUE);
    }

    /** As {@link #fill()}, but no more than so many since the connection was opened. */
    void fill(long atMost) throws IOException {
        long now = System.nanoTime();
        while (sent - received < window && sent < atMost) {
            append(now);
        }
        flush();
    }

    /**
     * Puts a request in the buffer; {@link #flush} sends it.
     *
     * @param due when it should have been sent, by {@link System#nanoTime}
     * @throws IOException also when the window is full: the server does not keep up
     */
    void append(long due) throws IOException {
        append(due, paused);
    }

    /**
     * As {@link #append(long)}.
     *
     * @param pausedUntilDue how long the generator itself had been held up until then; what of its latency is the
     *     generator's own does not count
     */
    void append(long due, long pausedUntilDue) throws IOException {
        if (sent - received == window) {
            throw new IOException("more than " + window + " requests are outstanding");
        }
        if (out.remaining() < source.longestRequestBytes()) {
            flush();
        }
        dueAt[(int) (sent % window)] = due;
        pausedAt[(int) (sent % window)] = pausedUntilDue;
        source.write(out, (int) (sent + 1), sent);
        sent++;
    }

    void flush() throws IOException {
        if (out.position() > 0) {
            out.flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            out.clear();
        }
    }

    /** Reads what has arrived; waits for it when the channel blocks. */
    void drain() throws IOException {
        in.compact();
        if (channel.read(in) < 0) {
            throw new IOException("closed by the server");
        }
        in.flip();
        long now = System.nanoTime();
        while (in.remaining() >= 4) {
            int length = in.getInt(in.position());
            if (in.remaining() < 4 + length) {
                break;
            }
            takeReply(in.position() + 4, length, now);
            in.position(in.position() + 4 + length);
        }
    }

    private void takeReply(int at, int length, long now) throws IOException {
        int xid = in.getInt(at);
        int error = in.getInt(at + RequestSource.HEADER_BYTES - 4);
        if (received == sent || xid != (int) (received + 1) || !source.isReply(received, error, in, at, length)) {
            throw new IOException("reply to " + xid + " with error " + error + " and " + length
                    + " bytes, where one to " + (received + 1) + " was due");
        }
        if (recording) {
            int slot = (int) (received % window);
            latencies.recordValue(Math.max(0, now - dueAt[slot] - (paused - pausedAt[slot])));
        }
        received++;
    }

    /** Waits for all replies. The channel blocks afterwards. */
    void finish() throws IOException {
        channel.configureBlocking(true);
        flush();
        while (received < sent) {
            drain();
        }
    }

    /** Ends the session, so that none is left to expire; then the connection. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.isOpen() && received == sent && channel.isBlocking()) {
                RequestTemplate.constant(Operation.closeSession()).write(out, CLOSE_XID, 0);
                flush();
                in.clear();
                while (channel.read(in) >= 0) {
                    in.clear();
                }
            }
        }
    }
}
