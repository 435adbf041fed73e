package io.coord.client.session;

/**
 * What the client knows about its session right now.
 *
 * <pre>{@code
 * if (client.state() == SessionState.CONNECTED) {
 *     work();
 * }
 * }</pre>
 */
public enum SessionState {
    /** Not started yet, or started and no session was ever there. */
    CONNECTING,
    /** A server answers; the session is alive. */
    CONNECTED,
    /**
     * The server that answers has lost its ensemble: reads are answered, perhaps with old data, writes are refused, and
     * nobody keeps the session alive, whose lease runs out. Only for clients that {@link
     * io.coord.client.CoordClientBuilder#canBeReadOnly() ask for it}.
     */
    READ_ONLY,
    /** The connection is lost; the session may still be alive, on the server and by the local lease. */
    SUSPENDED,
    /** The session is over, and with it its ephemeral znodes; the client is making a new one. */
    LOST,
    /** The client is closed. */
    CLOSED
}
