package io.coord.client.internal.session;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.Xid;
import io.coord.protocol.response.Response;
import org.jspecify.annotations.Nullable;

/**
 * Brings each reply to whoever waits for it, and tells the core what it means for connection and session. Owned by the
 * network thread.
 */
final class Replies {
    /** What is left for the core to do. */
    enum Meaning {
        NOTHING_MORE,
        OUT_OF_ORDER,
        AUTH_REFUSED,
        WATCHES_REFUSED,
        SESSION_EXPIRED,
        /** The call waits for {@link #putBackWhatMoved}, once the connection is lost. */
        SESSION_MOVED,
        SESSION_CLOSED
    }

    private final SessionPort port;
    private final PendingCalls calls;
    private final SessionWatches watches;
    private final Rearming rearming;
    private final SessionIdentity session;
    private final Liveness liveness;
    private @Nullable Call moved;

    Replies(
            SessionPort port,
            PendingCalls calls,
            SessionWatches watches,
            Rearming rearming,
            SessionIdentity session,
            Liveness liveness) {
        this.port = port;
        this.calls = calls;
        this.watches = watches;
        this.rearming = rearming;
        this.session = session;
        this.liveness = liveness;
    }

    /**
     * The operation whose record the reply with this xid has; null when none is awaited.
     *
     * @param closing whether the end of the session was asked for, behind all calls
     */
    @Nullable
    OpCode awaitedOp(int xid, boolean closing) {
        return switch (xid) {
            case Xid.PING -> OpCode.PING;
            case Xid.AUTH -> OpCode.AUTH;
            case Xid.SET_WATCHES -> OpCode.SET_WATCHES;
            default -> closing && !calls.isAwaiting(xid) ? OpCode.CLOSE_SESSION : calls.awaitedOp();
        };
    }

    /**
     * @param response null when there is an error
     * @param closing as in {@link #awaitedOp}
     */
    Meaning on(long now, int xid, long zxid, int error, @Nullable Response response, boolean closing) {
        liveness.onHeard(now);
        session.onSeen(zxid);
        return switch (xid) {
            case Xid.PING -> {
                if (liveness.onPong() && session.exists()) {
                    port.onLeaseRenewed(liveness.leaseEndNs());
                }
                yield Meaning.NOTHING_MORE;
            }
            case Xid.AUTH -> error == ErrorCode.OK.code() ? Meaning.NOTHING_MORE : Meaning.AUTH_REFUSED;
            case Xid.SET_WATCHES -> onRearmed(error);
            default ->
                closing && !calls.isAwaiting(xid) ? Meaning.SESSION_CLOSED : onAnswer(now, xid, zxid, error, response);
        };
    }

    private Meaning onRearmed(int error) {
        if (error == ErrorCode.OK.code()) {
            rearming.onAnswered();
            return Meaning.NOTHING_MORE;
        }
        port.onWarning("The server refused to arm watches again: error " + error);
        return error == ErrorCode.SESSION_EXPIRED.code() ? Meaning.SESSION_EXPIRED : Meaning.WATCHES_REFUSED;
    }

    private Meaning onAnswer(long now, int xid, long zxid, int error, @Nullable Response response) {
        Call call = calls.takeAnswered(xid);
        if (call == null) {
            return Meaning.OUT_OF_ORDER;
        }
        if (liveness.renew(call.sentNs) && session.exists()) {
            port.onLeaseRenewed(liveness.leaseEndNs());
        }
        if (response != null) {
            watches.onArmed(now, call, false);
            calls.succeed(now, call, response, zxid);
        } else if (error == ErrorCode.SESSION_EXPIRED.code()) {
            calls.refuseExpired(now, call);
            return Meaning.SESSION_EXPIRED;
        } else if (error == ErrorCode.SESSION_MOVED.code()) {
            moved = call;
            return Meaning.SESSION_MOVED;
        } else {
            if (error == ErrorCode.NO_NODE.code() && call.request.op() == OpCode.EXISTS) {
                watches.onArmed(now, call, true);
            }
            calls.refuse(now, call, error);
        }
        return Meaning.NOTHING_MORE;
    }

    /** It did nothing, so it is sent again, before all others. */
    void putBackWhatMoved() {
        Call call = moved;
        moved = null;
        if (call != null) {
            calls.putBack(call);
        }
    }

    /** A reply that was skipped because of its length. */
    Meaning onTooLong(long now, int xid, long zxid, int length, int maxResponseBytes) {
        liveness.onHeard(now);
        session.onSeen(zxid);
        Call call = calls.takeAnswered(xid);
        if (call == null) {
            return Meaning.OUT_OF_ORDER;
        }
        calls.failTooLong(now, call, length, maxResponseBytes);
        return Meaning.NOTHING_MORE;
    }
}
