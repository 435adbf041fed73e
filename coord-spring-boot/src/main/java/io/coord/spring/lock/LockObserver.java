package io.coord.spring.lock;

/**
 * Told what happens to the locks of annotated methods, for meters. Locks go by their declared name, never by their key, so the number
 * of names is bounded. Called on the thread that runs the method, {@link Held#onLost()} and, for methods that return a stage,
 * {@link Held#onReleased()} on others; implementations are thread-safe, quick and do not throw.
 */
public interface LockObserver {

    /** Observes nothing. */
    LockObserver NONE = (lock, mode) -> new Waiting() {};

    /** A method begins to wait for its lock. */
    Waiting onWaiting(String lock, LockMode mode);

    /** One wait, which ends in one of three ways. */
    interface Waiting {

        /** The lock is held. */
        default Held onAcquired() {
            return new Held() {};
        }

        /** Others held it for longer than the method waits. */
        default void onTimeout() {}

        /** The servers could not be reached, or refused, or the thread was interrupted. */
        default void onError() {}
    }

    /** One holding of a lock. */
    interface Held {

        /** It was lost; {@link #onReleased()} still comes when the method ends. */
        default void onLost() {}

        /** The method ended. */
        default void onReleased() {}
    }
}
