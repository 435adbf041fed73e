package io.coord.verification.bench;

import io.coord.verification.wire.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/**
 * One session of the load generator, kept full with a fixed number of outstanding requests. It encodes a request once, when
 * it can, and looks at the header of a reply only: the generator must cost far less than the server.
 */
final class LoadConnection {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final int HEADER_BYTES = 16;

    private final SocketChannel channel;
    private final Workload workload;
    private final String root;
    private final int window;
    private final Histogram latencies;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final long[] sentAt;
    private final Operation constant;
    private long sent;
    private long received;
    private boolean recording;

    LoadConnection(SocketChannel channel, Workload workload, String root, int window, Histogram latencies) {
        this.channel = channel;
        this.workload = workload;
        this.root = root;
        this.window = window;
        this.latencies = latencies;
        this.sentAt = new long[window];
        this.constant = workload.request(root, 0);
        this.in.limit(0);
    }

    SocketChannel channel() {
        return channel;
    }

    String root() {
        return root;
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

    /** Sends as many requests as the window has room for, in as few system calls as the buffer allows. */
    void fill() throws IOException {
        long now = System.nanoTime();
        while (sent - received < window) {
            Operation request = workload.isConstant() ? constant : workload.request(root, sent);
            if (out.remaining() < request.body().length + 12) {
                flush();
            }
            sentAt[(int) (sent % window)] = now;
            sent++;
            out.putInt(8 + request.body().length)
                    .putInt((int) sent)
                    .putInt(request.code())
                    .put(request.body());
        }
        flush();
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

    private void takeReply(int at, int length, long now) {
        int xid = in.getInt(at);
        int error = in.getInt(at + HEADER_BYTES - 4);
        if (xid != (int) (received + 1) || error != 0 || !workload.isReply(length)) {
            throw new IllegalStateException("reply to " + xid + " with error " + error + " and " + length
                    + " bytes, where one to " + (received + 1) + " was due");
        }
        if (recording) {
            latencies.recordValue(now - sentAt[(int) (received % window)]);
        }
        received++;
    }

    private void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        out.clear();
    }
}
