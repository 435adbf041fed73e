package io.coord.client.internal.session;

import io.coord.client.error.BadArgumentsException;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.CoordException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.RequestTooLargeException;
import io.coord.client.error.ResponseTooLargeException;
import io.coord.client.error.TooManyRequestsException;
import io.coord.client.error.UnansweredWriteException;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.spi.ClientMetrics.Outcome;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.WatcherType;
import io.coord.protocol.response.Response;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The calls without an outcome: those that wait to be sent and those that wait for their answer, both in order, with one
 * deadline each. It holds the rule of what is sent again: see {@link Repeat}. Owned by the network thread.
 *
 * <p>Invariant: a call in {@code inFlight} that is {@code done} has told its outcome (its deadline passed) and only keeps
 * its place, because the server still answers in order.
 */
final class PendingCalls {
    private final SessionPort port;
    private final int limit;
    private final DeadlineWheel deadlines;
    private final CallList unsent = new CallList();
    private final CallList inFlight = new CallList();
    private int live;
    private int lastXid;

    PendingCalls(SessionPort port, int limit, long nowNs) {
        this.port = port;
        this.limit = limit;
        this.deadlines = new DeadlineWheel(nowNs);
    }

    int size() {
        return live;
    }

    boolean hasUnsent() {
        return !unsent.isEmpty();
    }

    /** Whether an answer is awaited. */
    boolean hasInFlight() {
        return !inFlight.isEmpty();
    }

    void add(long now, Call call) {
        live++;
        if (live > limit && !call.background) {
            fail(now, call, new TooManyRequestsException(call.operation, call.path, limit));
            return;
        }
        unsent.addLast(call);
        deadlines.add(call);
    }

    /**
     * Sends what waits, as far as the connection takes it.
     *
     * @return whether anything was sent
     */
    boolean send(long now) {
        boolean sent = false;
        while (!unsent.isEmpty() && port.isWritable()) {
            Call call = unsent.removeFirst();
            if (!call.beforeWrite()) {
                forget(call);
                continue;
            }
            call.xid = nextXid();
            int bytes;
            try {
                bytes = port.send(call.xid, call.request);
            } catch (RuntimeException e) {
                onUnencodable(now, call, e);
                continue;
            }
            if (bytes > port.maxRequestBytes()) {
                fail(now, call, new RequestTooLargeException(call.operation, call.path, bytes, port.maxRequestBytes()));
                continue;
            }
            call.requestBytes = bytes;
            call.repeated = call.written;
            call.written = true;
            call.sentNs = now;
            call.inFlight = true;
            inFlight.addLast(call);
            sent = true;
        }
        return sent;
    }

    /** Its record cannot be written, so nothing was: a null where the wire knows none, for instance. */
    private void onUnencodable(long now, Call call, RuntimeException e) {
        fail(now, call, new BadArgumentsException(call.operation, call.path, e));
    }

    /** The xid for a request that is not a call. */
    int nextXid() {
        lastXid = lastXid == Integer.MAX_VALUE ? 1 : lastXid + 1;
        return lastXid;
    }

    /** The operation that the next ordinary reply answers; null when none is awaited. */
    @Nullable
    OpCode awaitedOp() {
        Call call = inFlight.first();
        return call == null ? null : call.request.op();
    }

    /**
     * Takes the call that a reply answers off the list.
     *
     * @return null when the reply answers none, or another than the next: the connection is broken
     */
    @Nullable
    Call takeAnswered(int xid) {
        Call call = inFlight.first();
        if (call == null || call.xid != xid) {
            return null;
        }
        inFlight.removeFirst();
        call.inFlight = false;
        return call;
    }

    /** The call was refused because it came over the wrong connection; it did nothing and waits to be sent again. */
    void putBack(Call call) {
        if (!call.done) {
            CallList again = new CallList();
            again.addLast(call);
            unsent.addAllFirst(again);
        }
    }

    void succeed(long now, Call call, Response response, long zxid) {
        if (finish(now, call, Outcome.SUCCESS)) {
            try {
                call.onResponse(response, zxid);
            } catch (RuntimeException bug) {
                onBug(call, bug);
            }
        }
    }

    void refuse(long now, Call call, int error) {
        call.error = error;
        boolean isAnswer = error == ErrorCode.NO_NODE.code() && call.request.op() == OpCode.EXISTS;
        if (finish(now, call, isAnswer ? Outcome.SUCCESS : Outcome.ERROR)) {
            try {
                call.onError(error);
            } catch (RuntimeException bug) {
                onBug(call, bug);
            }
        }
    }

    /** The session was over when the call arrived; an earlier sending may have been done before. */
    void refuseExpired(long now, Call call) {
        if (call.repeated && call.repeat != Repeat.READ) {
            fail(now, call, new ConnectionLossException(call.operation, call.path));
        } else {
            refuse(now, call, ErrorCode.SESSION_EXPIRED.code());
        }
    }

    void fail(long now, Call call, CoordException failure) {
        if (finish(now, call, outcome(failure))) {
            call.onFailure(failure);
        }
    }

    private void onBug(Call call, RuntimeException bug) {
        port.onCallThrew(call, bug);
        call.onFailure(new ConnectionLossException(call.operation, call.path));
    }

    private static Outcome outcome(CoordException failure) {
        if (failure instanceof RequestTimeoutException) {
            return Outcome.TIMEOUT;
        }
        return failure instanceof RequestTooLargeException
                        || failure instanceof ResponseTooLargeException
                        || failure instanceof TooManyRequestsException
                        || failure instanceof BadArgumentsException
                ? Outcome.ERROR
                : Outcome.CONNECTION_LOSS;
    }

    private boolean finish(long now, Call call, Outcome outcome) {
        if (call.done) {
            return false;
        }
        forget(call);
        port.onCallCompleted(call, outcome, now);
        return true;
    }

    private void forget(Call call) {
        call.done = true;
        deadlines.remove(call);
        live--;
    }

    /** Fails the calls whose deadline has passed. */
    void expire(long now, String situation) {
        deadlines.expire(now, call -> {
            if (!call.inFlight) {
                unsent.remove(call);
            }
            fail(now, call, timeout(call, now, situation));
        });
    }

    private static CoordException timeout(Call call, long now, String situation) {
        long waited = TimeUnit.NANOSECONDS.toMillis(now - call.startNs);
        String what = call.inFlight
                ? "no answer within " + waited + " ms"
                : "not sent within " + waited + " ms (" + situation + ")";
        return call.written && call.repeat != Repeat.READ
                ? new UnansweredWriteException(call.operation, call.path, what)
                : new RequestTimeoutException(call.operation, call.path, what);
    }

    long nextExpiryNs() {
        return deadlines.nextExpiryNs();
    }

    /** The connection broke: what may be repeated waits to be sent again, in the old order and before the rest. */
    void onConnectionLost(long now) {
        CallList again = new CallList();
        CallList lost = new CallList();
        while (!inFlight.isEmpty()) {
            Call call = inFlight.removeFirst();
            call.inFlight = false;
            if (call.done) {
                continue;
            }
            if (call.repeat == Repeat.WRITE) {
                lost.addLast(call);
            } else {
                again.addLast(call);
            }
        }
        unsent.addAllFirst(again);
        while (!lost.isEmpty()) {
            Call call = lost.removeFirst();
            fail(now, call, new ConnectionLossException(call.operation, call.path));
        }
    }

    /** Fails everything; a write that was sent before fails with its outcome unknown. */
    void failAll(long now, BiFunction<String, @Nullable String, CoordException> certain) {
        onConnectionLost(now);
        failUnsent(now, certain);
    }

    /** As {@link #failAll}, but for what waits for its answer. */
    void failUnsent(long now, BiFunction<String, @Nullable String, CoordException> certain) {
        CallList failing = new CallList();
        failing.addAllFirst(unsent);
        while (!failing.isEmpty()) {
            Call call = failing.removeFirst();
            boolean unknown = call.written && call.repeat != Repeat.READ;
            fail(
                    now,
                    call,
                    unknown
                            ? new ConnectionLossException(call.operation, call.path)
                            : certain.apply(call.operation, call.path));
        }
    }

    /** Its answer was not taken because of its length. */
    void failTooLong(long now, Call call, int length, int maxResponseBytes) {
        fail(
                now,
                call,
                call.repeat == Repeat.READ
                        ? new ResponseTooLargeException(call.operation, call.path, length, maxResponseBytes)
                        : new ConnectionLossException(call.operation, call.path));
    }

    /** The next reply cannot be read, and would be as unreadable if the call were sent again. */
    void failUnreadable(long now) {
        Call call = inFlight.first();
        if (call == null || call.done) {
            return;
        }
        inFlight.removeFirst();
        call.inFlight = false;
        fail(
                now,
                call,
                call.repeat == Repeat.READ
                        ? ServerErrors.of(ErrorCode.MARSHALLING_ERROR.code(), call.operation, call.path)
                        : new ConnectionLossException(call.operation, call.path));
    }

    /**
     * Fails everything, though it was sent: the server is known not to have done it. Of what an earlier connection had sent
     * nobody knows.
     */
    void failAllUndone(long now, BiFunction<String, @Nullable String, CoordException> failure) {
        unsent.addAllFirst(inFlight);
        CallList failing = new CallList();
        failing.addAllFirst(unsent);
        while (!failing.isEmpty()) {
            Call call = failing.removeFirst();
            boolean unknown = call.repeat != Repeat.READ && (call.repeated || (call.written && !call.inFlight));
            call.inFlight = false;
            fail(
                    now,
                    call,
                    unknown
                            ? new ConnectionLossException(call.operation, call.path)
                            : failure.apply(call.operation, call.path));
        }
    }

    /** Whether a call is on its way, or about to be, that makes the server arm a watch of this type. */
    boolean isArming(WatcherType type, String serverPath) {
        return isArming(inFlight, type, serverPath) || isArming(unsent, type, serverPath);
    }

    private static boolean isArming(CallList calls, WatcherType type, String serverPath) {
        for (Call call = calls.first(); call != null; call = call.next) {
            WatchArming arming = call.arming;
            if (arming != null
                    && arming.kind().serverType() == type
                    && arming.serverPath().equals(serverPath)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the next ordinary reply is that of a call with this xid. */
    boolean isAwaiting(int xid) {
        Call call = inFlight.first();
        return call != null && call.xid == xid;
    }
}
