package io.coord.server.internal.admin;

import io.coord.server.internal.runtime.Listing;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.CoordStateMachine;
import java.util.ArrayList;
import java.util.List;

/** The ephemeral znodes of all sessions, session by session. */
final class EphemeralListing implements Listing<EphemeralListing.Owned> {
    /** @param sessionId whose end is the znode's */
    record Owned(long sessionId, String path) {}

    private final CoordStateMachine state;
    private final long[] sessions;
    private final int size;
    private int session;
    /** Of the session's, how many were handed out. */
    private int handedOut;

    EphemeralListing(CoordStateMachine state) {
        this.state = state;
        this.sessions = state.sessions().all().stream().mapToLong(Session::id).toArray();
        this.size = state.tree().ephemeralCount();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<Owned> next(int most) {
        List<Owned> some = new ArrayList<>();
        while (session < sessions.length && some.size() < most) {
            long id = sessions[session];
            List<String> paths = state.tree().ephemeralPaths(id, handedOut, most - some.size());
            paths.forEach(path -> some.add(new Owned(id, path)));
            handedOut += paths.size();
            if (some.size() < most) {
                session++;
                handedOut = 0;
            }
        }
        return some;
    }
}
