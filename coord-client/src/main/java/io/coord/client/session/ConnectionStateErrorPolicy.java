package io.coord.client.session;

/**
 * Which states of the session a recipe treats as an error, that is: gives up what it holds. The client itself does nothing
 * with it; recipes ask {@link io.coord.client.CoordClient#connectionStateErrorPolicy()}.
 *
 * <p>Called on the recipes' threads, so it must not block.
 *
 * <pre>{@code
 * // Recipes of this client keep what they hold as long as the session may be alive.
 * CoordClient tolerant = CoordClient.builder()
 *         .connectString("zk-1:2181")
 *         .connectionStateErrorPolicy(ConnectionStateErrorPolicy.SESSION)
 *         .build();
 * }</pre>
 */
@FunctionalInterface
public interface ConnectionStateErrorPolicy {
    /**
     * {@link SessionState#SUSPENDED} and {@link SessionState#LOST}: what is held is given up as soon as the connection is
     * lost. The safe choice, and the default.
     */
    ConnectionStateErrorPolicy STANDARD = state -> switch (state) {
        case CONNECTING, CONNECTED -> false;
        case READ_ONLY, SUSPENDED, LOST, CLOSED -> true;
    };
    /**
     * Only {@link SessionState#LOST}: what is held is kept as long as the session may be alive. For work that a short break
     * of the connection should not interrupt; use fencing tokens with it.
     */
    ConnectionStateErrorPolicy SESSION = state -> switch (state) {
        case CONNECTING, CONNECTED, READ_ONLY, SUSPENDED -> false;
        case LOST, CLOSED -> true;
    };

    boolean isErrorState(SessionState state);
}
