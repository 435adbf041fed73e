package io.coord.client.session;

/** What the client knows about its session right now. */
public enum SessionState {
    /** Not started yet, or started and no session was ever there. */
    CONNECTING,
    /** A server answers; the session is alive. */
    CONNECTED,
    /** The connection is lost; the session may still be alive, on the server and by the local lease. */
    SUSPENDED,
    /** The session is over, and with it its ephemeral znodes; the client is making a new one. */
    LOST,
    /** The client is closed. */
    CLOSED
}
