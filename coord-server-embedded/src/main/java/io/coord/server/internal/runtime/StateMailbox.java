package io.coord.server.internal.runtime;

/**
 * The one way into the owner thread from any other. Thread-safe: {@link #offer} may be called from anywhere.
 *
 * <p>Messages run in the order in which one thread offered them, on the owner thread, never within {@code offer} itself.
 */
@FunctionalInterface
public interface StateMailbox {
    /** Hands a message over. Never refuses one: a commit that is dropped is a lost write. */
    void offer(Runnable message);

    /**
     * Owner thread: as {@link #offer}, but what has arrived on connections meanwhile goes first. For the rest of long work
     * that is done in pieces.
     */
    default void offerBehindInput(Runnable message) {
        offer(message);
    }
}
