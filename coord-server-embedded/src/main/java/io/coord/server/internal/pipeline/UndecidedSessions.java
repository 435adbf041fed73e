package io.coord.server.internal.pipeline;

import io.coord.protocol.data.CreateMode;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.tree.Znode;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of whose commands some have an unknown fate. That matters once the log has failed: then only the next start
 * finds out, and until then a session may be told nothing that the log could belie.
 */
final class UndecidedSessions {
    private final CoordStateMachine state;
    private final Set<Long> undecided = new HashSet<>();
    private final Set<Long> keptOut = new HashSet<>();

    UndecidedSessions(CoordStateMachine state) {
        this.state = state;
    }

    void onWrite(Session session, Request request) {
        undecided.add(session.id());
        if (concernsEphemerals(session, request)) {
            keptOut.add(session.id());
        }
    }

    void onEnd(Session session) {
        undecided.add(session.id());
        keptOut.add(session.id());
    }

    void onAttachment(long sessionId, int timeoutMs) {
        @Nullable Session session = state.sessions().get(sessionId);
        if (session != null && session.timeoutMs() != timeoutMs) {
            // The log may know of a shorter time-out than the client.
            keptOut.add(sessionId);
        }
    }

    /** Another leader's word settles everything. */
    void clear() {
        undecided.clear();
        keptOut.clear();
    }

    /** Whether it cannot be said of everything that the session has asked for that it is done, or never will be. */
    boolean isUndecided(Session session) {
        return undecided.contains(session.id());
    }

    /**
     * Sessions whose clients must hear nothing before the next start. What may have ended in the log is not to be told that it
     * lives: when the log is read back, others get what it held, while its client still counts on its time-out. And a client
     * that looks for an ephemeral znode whose create had no answer takes it that there is none when it finds none; the znode
     * would stay, unknown to its owner, for as long as the session does.
     */
    Set<Long> keptOut() {
        return keptOut;
    }

    private boolean concernsEphemerals(Session session, Request request) {
        if (request instanceof CreateRequest create) {
            return isEphemeral(create.flags());
        } else if (request instanceof CreateTtlRequest create) {
            return isEphemeral(create.flags());
        } else if (request instanceof DeleteRequest delete) {
            @Nullable Znode node = state.tree().get(delete.path());
            return node != null && node.ephemeralOwner() == session.id();
        } else if (request instanceof MultiRequest multi) {
            return multi.ops().stream().anyMatch(each -> concernsEphemerals(session, each));
        }
        return false;
    }

    private static boolean isEphemeral(int flags) {
        @Nullable CreateMode mode = CreateMode.ofFlag(flags);
        return mode != null && mode.isEphemeral();
    }
}
