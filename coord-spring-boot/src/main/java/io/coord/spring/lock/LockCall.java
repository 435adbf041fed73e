package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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
        return new LockCall(calls, request.withKey(text));
    }

    /** How long to wait; zero tries once. {@code coord.lock.wait} if not set. */
    public LockCall waitAtMost(Duration wait) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("A wait must not be negative: " + wait);
        }
        return new LockCall(calls, request.withWaitTime(wait));
    }

    /**
     * What happens when the lock is lost while the task runs. {@code coord.lock.on-lost} if not set.
     *
     * @throws IllegalArgumentException for {@link OnLost#CALLBACK}, which {@link #onLost(BiConsumer)} is for
     */
    public LockCall onLost(OnLost onLost) {
        if (onLost == OnLost.CALLBACK) {
            throw new IllegalArgumentException("Hand over what is to be called instead of CALLBACK");
        }
        return onLost == OnLost.DEFAULT
                ? this
                : new LockCall(
                        calls,
                        request.with(
                                onLost,
                                new LockRequest.Calls(null, request.calls().whenAsked())));
    }

    /**
     * What to call when the lock is lost while the task runs; the task goes on to its end, and what it returns is returned.
     * {@link OnLost#CALLBACK} tells when and on which thread.
     */
    public LockCall onLost(BiConsumer<? super Lease, ? super LockLostException> callback) {
        return new LockCall(
                calls,
                request.with(
                        OnLost.CALLBACK,
                        new LockRequest.Calls(callback, request.calls().whenAsked())));
    }

    /**
     * What to call when somebody asks for the lock while the task runs, as {@link WriteLock#onReleaseRequested()} does. The lock is
     * released when the task ends.
     */
    public LockCall onReleaseRequested(Consumer<? super Lease> callback) {
        return new LockCall(
                calls,
                request.with(
                        request.onLost(), new LockRequest.Calls(request.calls().whenLost(), callback)));
    }

    /** What the task is, for messages and for whoever looks at the lock's queue. */
    public LockCall forPurpose(String purpose) {
        return new LockCall(calls, request.withUser(purpose));
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
            return calls.run(request, holding, task::run);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw (E) e;
        }
    }
}
