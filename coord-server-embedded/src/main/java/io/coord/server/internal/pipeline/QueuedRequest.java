package io.coord.server.internal.pipeline;

import io.coord.protocol.OpCode;
import io.coord.protocol.request.Request;
import io.coord.server.internal.state.Answer;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for its turn to be answered: a write for its commit, a read for the writes of its session before it,
 * an error for both.
 */
final class QueuedRequest {
    final int xid;
    /** Of the frame that it came in. */
    final int bytes;

    final boolean isWrite;
    /** Null for what was no request that this server knows. */
    final @Nullable OpCode op;
    /** Monotonic milliseconds. */
    final long arrivedMs;
    /** What to do when its turn comes; null when the answer is there, or comes from elsewhere. */
    final @Nullable Request read;

    @Nullable
    Answer answer;
    /** Of the write's own transaction; 0 without one, and then the reply carries the last one applied when it is sent. */
    long zxid;

    boolean closeAfter;
    /** The next one of the {@link RequestQueue} that it is in. */
    @Nullable
    QueuedRequest next;

    private QueuedRequest(
            int xid, int bytes, boolean isWrite, @Nullable OpCode op, @Nullable Request read, long arrivedMs) {
        this.xid = xid;
        this.bytes = bytes;
        this.isWrite = isWrite;
        this.op = op;
        this.read = read;
        this.arrivedMs = arrivedMs;
    }

    static QueuedRequest write(int xid, int bytes, OpCode op, long arrivedMs) {
        return new QueuedRequest(xid, bytes, true, op, null, arrivedMs);
    }

    static QueuedRequest read(int xid, int bytes, Request request, long arrivedMs) {
        return new QueuedRequest(xid, bytes, false, request.op(), request, arrivedMs);
    }

    static QueuedRequest answered(int xid, Answer answer, boolean closeAfter, long arrivedMs) {
        QueuedRequest queued = new QueuedRequest(xid, 0, false, null, null, arrivedMs);
        queued.answer = answer;
        queued.closeAfter = closeAfter;
        return queued;
    }

    boolean isReady() {
        return read != null || answer != null;
    }
}
