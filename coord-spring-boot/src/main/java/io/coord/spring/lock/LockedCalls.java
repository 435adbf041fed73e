package io.coord.spring.lock;

import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.SessionLostException;
import io.coord.recipes.lock.Lease;
import io.coord.spring.method.LossGuard;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes locks and runs what needs them: lock, work, loss, release, on the thread of the caller. What returns a stage is released by
 * whichever thread completes that.
 *
 * <p>Thread-safe: has no state of its own.
 */
final class LockedCalls implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(LockedCalls.class);

    private final Supplier<LockObserver> observer;
    private final HoldWarnings warnings;
    private final LeaseCalls told;
    private final OpenTransactionWarning openTransactions = new OpenTransactionWarning();

    /** @param observer asked at the first call, not before */
    LockedCalls(Supplier<LockObserver> observer, HoldWarnings warnings, LeaseCalls told) {
        this.observer = observer;
        this.told = told;
        this.warnings = warnings;
    }

    /** What runs while a lock is held. */
    @FunctionalInterface
    interface Body<T> {

        @Nullable
        T run(Lease lease) throws Throwable;
    }

    /**
     * Waits for the lock, or joins the one that the calling thread holds already.
     *
     * @throws LockNotAcquiredException when it could not be had
     * @throws IllegalStateException when the thread holds the lock in a mode that does not suffice
     * @throws LockLostException when the thread held it
     */
    Holding enter(LockRequest request) {
        Holding outer = Leases.find(request);
        if (outer != null) {
            join(outer, request);
            return outer;
        }
        openTransactions.check(request);
        LockObserver.Waiting waiting = observer.get().onWaiting(request.observed());
        Optional<Lease> lease;
        try {
            lease = request.source().acquire(request.waitTime());
        } catch (RuntimeException | Error e) {
            waiting.onError(e);
            throw refused(request, e);
        }
        return held(request, lease, waiting, Thread.currentThread());
    }

    /**
     * As {@link #enter}, without waiting and for a lock that no thread holds. Cancelling the future gives up; a lock that is acquired
     * all the same is released.
     *
     * @param subscriber what the context of who asks holds under a key; null for nothing
     */
    CompletableFuture<Holding> enterAsync(LockRequest request, Function<Object, @Nullable Object> subscriber) {
        LockObserver.Waiting waiting = observer.get().onWaiting(request.observed(), subscriber);
        CompletableFuture<Optional<Lease>> acquiring;
        try {
            acquiring = request.source().acquireAsync(request.waitTime()).toCompletableFuture();
        } catch (RuntimeException | Error e) {
            waiting.onError(e);
            throw refused(request, e);
        }
        CompletableFuture<Holding> result = new CompletableFuture<>();
        acquiring.whenComplete((lease, failure) -> {
            Holding holding;
            try {
                if (failure != null) {
                    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
                    waiting.onError(cause);
                    throw refused(request, cause);
                }
                holding = held(request, lease, waiting, null);
            } catch (Throwable e) {
                result.completeExceptionally(e);
                return;
            }
            if (!result.complete(holding)) {
                holding.releaseAsync(null);
            }
        });
        result.whenComplete((holding, failure) -> {
            if (result.isCancelled()) {
                acquiring.cancel(false);
            }
        });
        return result;
    }

    private static RuntimeException refused(LockRequest request, @Nullable Throwable failure) {
        if (failure instanceof ConnectionLossException
                || failure instanceof RequestTimeoutException
                || failure instanceof SessionLostException) {
            return new LockNotAcquiredException(request, failure);
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    private Holding held(
            LockRequest request, Optional<Lease> lease, LockObserver.Waiting waiting, @Nullable Thread thread) {
        if (lease.isEmpty()) {
            waiting.onTimeout();
            throw new LockNotAcquiredException(request, null);
        }
        Holding holding =
                new Holding(request, lease.get(), waiting.onAcquired(lease.get()), warnings.watch(request, thread));
        lease.get().onLost(lost -> {
            holding.lost();
            logger.warn("Lost the {} {} while {} runs", request.mode().noun(), request.path(), request.user());
        });
        told.publishRequests(request, lease.get());
        return holding;
    }

    /** Begins a call under a lock that is held already. */
    static void join(Holding outer, LockRequest request) {
        if (!outer.mode().covers(request.mode())) {
            throw new IllegalStateException(
                    request.user() + " asks for the " + request.mode().noun() + " " + outer.path()
                            + " where it is held as a reader, and would wait for itself for ever. Take the write lock first.");
        }
        if (request.onLost() != OnLost.IGNORE && outer.isLost()) {
            throw new LockLostException(request.user(), outer.path(), null);
        }
        outer.retain();
    }

    /** Runs the body and ends the call. */
    <T> @Nullable T run(LockRequest request, Holding holding, Body<T> body) throws Throwable {
        T result = null;
        Throwable failure = null;
        LeaseCalls.Watch watch = told.watch(request, holding.lease());
        try {
            result = proceed(request, holding, body);
        } catch (Throwable e) {
            failure = e;
        }
        watch.end();
        end(request, holding, failure);
        return result;
    }

    /** As {@link #run}; the call ends when the stage is complete. A body that returns no stage ends the call. */
    <T> @Nullable CompletionStage<T> runAsync(
            LockRequest request, Holding holding, Body<? extends CompletionStage<T>> body) throws Throwable {
        CompletionStage<T> stage = null;
        Throwable failure = null;
        LeaseCalls.Watch watch = told.watch(request, holding.lease());
        try {
            stage = proceed(request, holding, body);
        } catch (Throwable e) {
            failure = e;
        }
        if (stage != null) {
            return HeldStage.of(stage, request, holding, watch);
        }
        watch.end();
        end(request, holding, failure);
        return null;
    }

    private static <T> @Nullable T proceed(LockRequest request, Holding holding, Body<T> body) throws Throwable {
        LossGuard guard = request.onLost() == OnLost.INTERRUPT
                ? new LossGuard(task -> holding.lease().onLost(lost -> task.run()))
                : null;
        // A nested call runs in the scope of the outer one, or in one that the method has opened since.
        LockObserver.Scope scope = Leases.find(request) == null ? holding.open() : LockObserver.Scope.NONE;
        Leases.enter(holding);
        try (scope) {
            return body.run(holding.lease());
        } finally {
            Leases.exit();
            if (Leases.find(request) == null) {
                holding.leaveThread();
            }
            if (guard != null) {
                guard.end();
            }
        }
    }

    private static void end(LockRequest request, Holding holding, @Nullable Throwable failure) throws Throwable {
        boolean lost = holding.failsFor(request.onLost());
        holding.release(failure);
        if (lost) {
            throw new LockLostException(request.user(), holding.path(), failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** What one subscriber wants to be told while its sequence runs under a lock. */
    LeaseCalls.Watch watch(LockRequest request, Holding holding) {
        return told.watch(request, holding.lease());
    }

    /** The context is ready, so that what locks have called may be. */
    void start() {
        told.start();
    }

    /**
     * Nothing is called any more because of a lock.
     *
     * @param patience how long to wait for what is being called
     */
    void stop(Duration patience) {
        told.stop(patience);
    }

    @Override
    public void close() {
        told.stop(Duration.ZERO);
        warnings.close();
    }
}
