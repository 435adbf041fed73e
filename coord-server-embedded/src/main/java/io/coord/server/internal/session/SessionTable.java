package io.coord.server.internal.session;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The live sessions: replicated state, changed by committed commands only. */
public final class SessionTable {
    /**
     * The top byte of an id names the server that made it, as in ZooKeeper; ids are counted in the state, so the byte is
     * the same everywhere. It keeps them off 0, which means "no session", and off negative numbers.
     */
    private static final long FIRST_ID = (1L << 56) + 1;

    private final Map<Long, Session> sessions = new HashMap<>();
    private long nextId = FIRST_ID;

    public Session open(int timeoutMs, byte[] password) {
        Session session = new Session(nextId++, timeoutMs, password, 1);
        sessions.put(session.id(), session);
        return session;
    }

    /**
     * Attaches a session's client anew.
     *
     * @return the session with its next attachment number, or null when there is no such session or the password is wrong
     */
    public @Nullable Session attach(long id, int timeoutMs, byte[] password) {
        Session session = find(id, password);
        if (session == null) {
            return null;
        }
        Session attached = new Session(id, timeoutMs, session.password(), session.attachment() + 1);
        sessions.put(id, attached);
        return attached;
    }

    /** The session, or null when there is none such or the password is wrong. */
    public @Nullable Session find(long id, byte[] password) {
        Session session = sessions.get(id);
        return session != null && session.hasPassword(password) ? session : null;
    }

    public @Nullable Session get(long id) {
        return sessions.get(id);
    }

    public void close(long id) {
        sessions.remove(id);
    }

    public int size() {
        return sessions.size();
    }

    /** All sessions, ordered by id. */
    public List<Session> all() {
        List<Session> all = new ArrayList<>(sessions.values());
        all.sort(Comparator.comparingLong(Session::id));
        return all;
    }

    /** The id that the next session gets; part of the state. */
    public long nextId() {
        return nextId;
    }

    public void restoreNextId(long id) {
        nextId = id;
    }

    public void restore(Session session) {
        sessions.put(session.id(), session);
    }
}
