package io.coord.client.session;

/**
 * Told of each change of the session, in order. Called on a callback thread of the client (or on the executor it was
 * registered with), never two calls of one registration at once. It must not make blocking calls of the client.
 *
 * <pre>{@code
 * SessionListener listener = event -> {
 *     switch (event.type()) {
 *         case SUSPENDED, LOST, CLOSED -> stopWork();
 *         case CONNECTED, RECONNECTED -> executor.execute(this::work);
 *         case READ_ONLY -> {}
 *     }
 * };
 * Registration registration = client.addSessionListener(listener);
 * }</pre>
 */
@FunctionalInterface
public interface SessionListener {
    void onSessionEvent(SessionEvent event);
}
