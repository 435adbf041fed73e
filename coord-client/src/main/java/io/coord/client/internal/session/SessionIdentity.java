package io.coord.client.internal.session;

import io.coord.client.session.SessionEvent;
import io.coord.protocol.request.ConnectRequest;

/** Which session the client has, and how far it has seen. Owned by the network thread. */
final class SessionIdentity {
    private static final byte[] NO_PASSWORD = new byte[16];

    private long id;
    private byte[] password = NO_PASSWORD;
    private long generation;
    private long lastZxid;

    boolean exists() {
        return id != 0;
    }

    long id() {
        return id;
    }

    long generation() {
        return generation;
    }

    /** The newest change that a reply has shown. */
    long lastZxid() {
        return lastZxid;
    }

    void onSeen(long zxid) {
        lastZxid = Math.max(lastZxid, zxid);
    }

    /**
     * A server has granted a session.
     *
     * @return whether it is a new one
     */
    boolean adopt(long granted, byte[] grantedPassword) {
        boolean isNew = id == 0;
        if (isNew) {
            generation++;
        }
        id = granted;
        password = grantedPassword.clone();
        return isNew;
    }

    /** The session is over. The next one starts from nothing: a server whose data was set back must be able to serve it. */
    void forget() {
        id = 0;
        password = NO_PASSWORD;
        lastZxid = 0;
    }

    /** Asks for this session, or for a new one. */
    ConnectRequest connectRequest(int timeoutMs, boolean canBeReadOnly) {
        return new ConnectRequest(0, lastZxid, timeoutMs, id, password, canBeReadOnly);
    }

    SessionEvent event(SessionEvent.Type type) {
        return new SessionEvent(type, id, generation);
    }
}
