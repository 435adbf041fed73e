package io.coord.verification.simulation.invariant;

import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.WatcherEvent;
import io.coord.server.internal.replication.Role;
import io.coord.server.internal.state.CoordStateMachine;
import org.jspecify.annotations.Nullable;

/** One promise. It is told of everything, in the order in which it happens, and says so as soon as it is broken. */
public abstract class Invariant {
    private final String sentence;

    /** @param sentence the promise, for whoever reads of its breach */
    protected Invariant(String sentence) {
        this.sentence = sentence;
    }

    public final String name() {
        return getClass().getSimpleName();
    }

    protected final InvariantViolation violation(String what) {
        return new InvariantViolation(name(), sentence, what);
    }

    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency for this one method.
    protected final void require(boolean holds, String what, Object... arguments) {
        if (!holds) {
            throw violation(String.format(what, arguments));
        }
    }

    /** A position of the log was applied by the first server that did so. */
    protected void onApplied(Commit commit) {}

    /** A server has applied everything up to a position, or restored it. */
    protected void onReplica(int server, long position, CoordStateMachine state) {}

    /** A server, restarted on its own disk alone, has recovered. */
    protected void onRecovered(int server, CoordStateMachine state) {}

    protected void onRole(int server, Role role, long nowNs) {}

    /** A server has heard of a client. */
    protected void onContact(int server, long sessionId, long nowNs) {}

    /** A leader was told by a follower whom that has heard of. */
    protected void onTouched(int server, long[] sessionIds, long nowNs) {}

    /** A server proposes the end of a session. */
    protected void onExpiryProposed(int server, long sessionId, long nowNs) {}

    /** Something happened to servers or to what lies between them. */
    protected void onDisturbance(long nowNs) {}

    /** A client has a connection to a server that serves it. */
    protected void onConnected(int client, long sessionId) {}

    protected void onDisconnected(int client) {}

    /** The client's process is gone, with all that it knew. */
    protected void onClientGone(int client) {}

    protected void onSent(int client, int xid, Request request) {}

    /** @param request what is answered, null for a ping */
    protected void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {}

    /** What was answered just now is of no interest to the client any more: the call had failed before. */
    protected void onAbandoned(int client, Request request) {}

    protected void onEvent(int client, long zxid, WatcherEvent event) {}

    protected void onInvoked(Operation operation) {}

    protected void onCompleted(Operation operation) {}

    protected void onGranted(Holder holder) {}

    /** A contender has told of the loss, or of a suspension, of what is held; so must the lease by now. */
    protected void onLeaseChanged(Holder holder, boolean told) {}

    /** A contender says that its znode is surely gone. */
    protected void onLeft(Holder holder) {}

    /** A latch or selector leads. */
    protected void onLeads(Leader leader) {}

    /** It says that it does not lead any more, or its task has ended. */
    protected void onLeadsNoMore(Leader leader) {}

    /** A permit of a semaphore was granted, of which there are so many. */
    protected void onPermit(Holder holder, int limit) {}

    protected void onPermitReleased(Holder holder) {}

    /** Faults are over, and everybody had time to recover. */
    protected void atEnd() {}
}
