package io.coord.client.session;

/**
 * A change of the session.
 *
 * <pre>{@code
 * client.addSessionListener(event -> {
 *     if (event.type() == SessionEvent.Type.LOST) {
 *         use("session number", event.generation(), Long.toHexString(event.sessionId()));
 *     }
 * });
 * }</pre>
 *
 * @param sessionId of the session that the event speaks of; 0 when there never was one
 * @param generation counts the sessions of one client from 1, so it tells two sessions apart; 0 when there never was one
 */
public record SessionEvent(Type type, long sessionId, long generation) {
    /** The kinds of change. */
    public enum Type {
        /** The first session is there. */
        CONNECTED,
        /**
         * A server answers that has lost its ensemble, and there is no session: see {@link SessionState#READ_ONLY}. Session
         * id 0.
         */
        READ_ONLY,
        /** The connection is lost. Ephemeral znodes may still be there; nobody knows until RECONNECTED or LOST. */
        SUSPENDED,
        /**
         * A server answers again: for the same session after SUSPENDED, for a new one (a higher generation) after LOST.
         * Watches are armed again before any call that is made after this event; changes while away may be missed.
         */
        RECONNECTED,
        /**
         * The session is over: the server said so, or its lease ran out without an answer. Nothing that its ephemeral
         * znodes stood for may be relied upon.
         */
        LOST,
        /** The client was closed; treat it as LOST. The last event. */
        CLOSED
    }
}
