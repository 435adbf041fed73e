package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Told what happens to the locks of annotated methods and of {@link LockTemplate}, for meters and traces. All beans of this type are told.
 * Called on the thread that runs the method; for methods that return a stage or a publisher, and for {@link Held#onLost()}, on others.
 * Implementations are thread-safe, quick and do not throw. A call that runs under a lease that is there already is not told of.
 */
public interface LockObserver {

    /** Observes nothing. */
    LockObserver NONE = lock -> new Waiting() {};

    /** A call begins to wait for its lock. */
    Waiting onWaiting(ObservedLock lock);

    /**
     * As {@link #onWaiting(ObservedLock)}, where a publisher is subscribed to.
     *
     * @param subscriber what the subscriber's context holds under a key; null for nothing
     */
    default Waiting onWaiting(ObservedLock lock, Function<Object, @Nullable Object> subscriber) {
        return onWaiting(lock);
    }

    /** Tells all of them. */
    static LockObserver of(List<LockObserver> observers) {
        return switch (observers.size()) {
            case 0 -> NONE;
            case 1 -> observers.get(0);
            default -> new LockObservers(observers);
        };
    }

    /** One wait, which ends in one of three ways. */
    interface Waiting {

        /** The lock is held. */
        default Held onAcquired(Lease lease) {
            return new Held() {};
        }

        /** Others held it for longer than the method waits. */
        default void onTimeout() {}

        /** The servers could not be reached, or refused, or the thread was interrupted, or a subscriber has cancelled. */
        default void onError(Throwable failure) {}
    }

    /** One holding of a lock. */
    interface Held {

        /** The method runs on this thread until the scope is closed there. */
        default Scope open() {
            return Scope.NONE;
        }

        /** What the sequence of a method that returns a publisher finds in its subscriber's context. */
        default Map<Object, Object> subscriberContext() {
            return Map.of();
        }

        /** It was lost; {@link #onReleased} still comes when the method ends. */
        default void onLost() {}

        /** The method ended; with what it threw, if it did. */
        default void onReleased(@Nullable Throwable failure) {}
    }

    /** A method runs on a thread. */
    interface Scope extends AutoCloseable {

        /** Does nothing. */
        Scope NONE = () -> {};

        @Override
        void close();
    }
}
