package io.coord.spring.lock;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lock of {@link LockTemplate} and how it is to be taken. Each method that sets something returns another object. Thread-safe: immutable. */
public final class LockCall {

    private final LockedCalls calls;
    private final LockRequest request;

    LockCall(LockedCalls calls, LockRequest request) {
        this.calls = calls;
        this.request = request;
    }

    /**
     * The lock for a key of this text, as {@link ReadLock#key()} makes it. To be called once at most.
     *
     * @throws IllegalArgumentException when the text is empty
     */
    public LockCall key(Object key) {
        String text = key.toString();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("The key of the lock '" + request.name() + "' is empty");
        }
        return with(request.user(), request.locks().path(request.name(), text), request.waitTime(), request.onLost());
    }

    /** How long to wait; zero tries once. {@code coord.lock.wait} if not set. */
    public LockCall waitAtMost(Duration wait) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("A wait must not be negative: " + wait);
        }
        return with(request.user(), request.path(), wait, request.onLost());
    }

    /** What happens when the lock is lost while the task runs. {@code coord.lock.on-lost} if not set. */
    public LockCall onLost(OnLost onLost) {
        return onLost == OnLost.DEFAULT ? this : with(request.user(), request.path(), request.waitTime(), onLost);
    }

    /** What the task is, for messages and for whoever looks at the lock's queue. */
    public LockCall forPurpose(String purpose) {
        return with(purpose, request.path(), request.waitTime(), request.onLost());
    }

    private LockCall with(String user, String path, Duration wait, OnLost onLost) {
        return new LockCall(
                calls,
                new LockRequest(
                        user, request.mode(), request.name(), path, request.limit(), wait, onLost, request.locks()));
    }

    /**
     * Runs a task on the calling thread while the lock is held.
     *
     * @throws LockNotAcquiredException when the lock could not be had; the task did not run
     * @throws LockLostException when the lock was lost meanwhile; the task has run, wholly or in part
     * @throws IllegalStateException on a thread that holds the lock as a reader and asks for it as a writer
     */
    public <T extends @Nullable Object, E extends Exception> T run(LockTask<T, E> task) throws E {
        return under(calls.enter(request), task);
    }

    /**
     * As {@link #run}, where it is no failure that others have the lock.
     *
     * @return empty when the lock could not be had in time and the task did not run; also when the task returned null
     * @throws LockNotAcquiredException when the servers are out of reach
     */
    public <T, E extends Exception> Optional<T> tryRun(LockTask<? extends @Nullable T, E> task) throws E {
        Holding holding;
        try {
            holding = calls.enter(request);
        } catch (LockNotAcquiredException e) {
            if (e.getCause() != null) {
                throw e;
            }
            return Optional.empty();
        }
        return Optional.ofNullable(under(holding, task));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // Null only where the task returned it.
    private <T extends @Nullable Object, E extends Exception> T under(Holding holding, LockTask<T, E> task) throws E {
        try {
            return LockedCalls.run(request, holding, task::run);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw (E) e;
        }
    }
}
