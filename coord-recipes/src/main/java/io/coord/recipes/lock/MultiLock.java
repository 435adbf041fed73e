package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.CoordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several locks as one: acquired one after the other in the order in which they were given, released in the reverse order,
 * and when one cannot be had those before it are released again. Callers that share locks must give them in the same order,
 * or they may wait for each other for ever. It is Curator's {@code InterProcessMultiLock}: the locks are what others see,
 * of this object there is nothing on the servers.
 *
 * <p>Thread-safe: it has no state of its own.
 *
 * <pre>{@code
 * MultiLock lock = MultiLock.ofMutexes(client, List.of("/locks/from", "/locks/to"));
 * try (MultiLease leases = lock.acquire()) {
 *     work();
 * }
 * }</pre>
 */
public final class MultiLock {
    private final List<DistributedLock> locks;

    /** @throws IllegalArgumentException when there are none */
    public MultiLock(List<? extends DistributedLock> locks) {
        if (locks.isEmpty()) {
            throw new IllegalArgumentException("a lock of no locks");
        }
        this.locks = List.copyOf(locks);
    }

    /** A mutex on each path, in the order of the paths. */
    public static MultiLock ofMutexes(CoordClient client, List<String> paths) {
        return new MultiLock(paths.stream().map(path -> new Mutex(client, path)).toList());
    }

    /**
     * Waits until all locks are held.
     *
     * @throws CallInterruptedException when the thread is interrupted; nothing stays behind
     * @throws CoordException as {@link DistributedLock#acquire()} of the lock that failed; nothing stays behind
     */
    public MultiLease acquire() {
        return acquireInOrder(null)
                .orElseThrow(() -> new IllegalStateException("an acquire without a deadline came back empty"));
    }

    /**
     * Waits until all locks are held, all together at most for the given time. Zero or less is {@link #tryAcquire()}.
     *
     * @return empty when one of them could not be had in that time; nothing stays behind
     * @throws CoordException as {@link DistributedLock#acquire(Duration)} of the lock that failed; nothing stays behind
     */
    public Optional<MultiLease> acquire(Duration wait) {
        return acquireInOrder(wait);
    }

    /** Takes the locks if nobody is in the way of any. Bounded by the client's request timeout for each of them. */
    public Optional<MultiLease> tryAcquire() {
        return acquireInOrder(Duration.ZERO);
    }

    private Optional<MultiLease> acquireInOrder(@Nullable Duration wait) {
        Deadline deadline = new Deadline(wait);
        List<Lease> held = new ArrayList<>(locks.size());
        boolean complete = false;
        try {
            for (DistributedLock lock : locks) {
                if (deadline.isOver()) {
                    return Optional.empty();
                }
                Duration left = deadline.left();
                Optional<Lease> lease = left == null ? Optional.of(lock.acquire()) : lock.acquire(left);
                if (lease.isEmpty()) {
                    return Optional.empty();
                }
                held.add(lease.get());
            }
            complete = true;
            return Optional.of(new MultiLease(held));
        } finally {
            if (!complete) {
                new MultiLease(held).release();
            }
        }
    }

    /**
     * As {@link #acquire()}, without waiting and without a thread that holds the locks. Cancelling the stage's future gives
     * up. The stage completes on a callback thread of the client.
     */
    public CompletionStage<MultiLease> acquireAsync() {
        return start(null, Optional::orElseThrow);
    }

    /** As {@link #acquire(Duration)}, likewise. */
    public CompletionStage<Optional<MultiLease>> acquireAsync(Duration wait) {
        return start(wait, granted -> granted);
    }

    private <R> CompletionStage<R> start(@Nullable Duration wait, Function<Optional<MultiLease>, R> result) {
        Call<R> call = new Call<>(new Deadline(wait), result);
        call.next();
        return call.stage;
    }

    /** One lock after the other; each step runs on the thread that completed the one before. */
    private final class Call<R> {
        private final Deadline deadline;
        private final Function<Optional<MultiLease>, R> result;
        private final CompletableFuture<R> stage = new CompletableFuture<>();
        private final List<Lease> held = new ArrayList<>(locks.size());
        /** What is waited for now; who cancels the stage cancels it, too. */
        private volatile @Nullable CompletableFuture<?> waitingFor;

        Call(Deadline deadline, Function<Optional<MultiLease>, R> result) {
            this.deadline = deadline;
            this.result = result;
            stage.whenComplete((value, failure) -> cancelIfNotWanted());
        }

        void next() {
            if (stage.isDone()) {
                giveBack();
            } else if (held.size() == locks.size()) {
                if (!stage.complete(result.apply(Optional.of(new MultiLease(held))))) {
                    giveBack();
                }
            } else if (deadline.isOver()) {
                giveBack();
                stage.complete(result.apply(Optional.empty()));
            } else {
                try {
                    acquire(locks.get(held.size()));
                } catch (RuntimeException e) {
                    giveBack();
                    stage.completeExceptionally(e);
                }
            }
        }

        private void acquire(DistributedLock lock) {
            Duration left = deadline.left();
            CompletableFuture<?> answer;
            if (left == null) {
                CompletableFuture<Lease> lease = lock.acquireAsync().toCompletableFuture();
                lease.whenComplete((granted, failure) -> onAnswer(granted, failure));
                answer = lease;
            } else {
                CompletableFuture<Optional<Lease>> lease =
                        lock.acquireAsync(left).toCompletableFuture();
                lease.whenComplete(
                        (granted, failure) -> onAnswer(failure == null ? granted.orElse(null) : null, failure));
                answer = lease;
            }
            // It may have come already, and the next one be waited for.
            if (!answer.isDone()) {
                waitingFor = answer;
            }
            cancelIfNotWanted();
        }

        private void cancelIfNotWanted() {
            CompletableFuture<?> present = waitingFor;
            if (stage.isCancelled() && present != null) {
                present.cancel(false);
            }
        }

        private void onAnswer(@Nullable Lease granted, @Nullable Throwable failure) {
            if (failure != null) {
                giveBack();
                stage.completeExceptionally(failure);
            } else if (granted == null) {
                giveBack();
                stage.complete(result.apply(Optional.empty()));
            } else {
                held.add(granted);
                next();
            }
        }

        private void giveBack() {
            new MultiLease(held).releaseAsync();
        }
    }

    /** One deadline for all locks. A wait of nothing is no deadline: each lock is tried, and none waited for. */
    private static final class Deadline {
        private final @Nullable Duration wait;
        private final long startNs = System.nanoTime();

        Deadline(@Nullable Duration wait) {
            this.wait = wait;
        }

        boolean isOver() {
            Duration left = left();
            return left != null && !isAttempt(wait) && isAttempt(left);
        }

        /** Null without end. */
        @Nullable
        Duration left() {
            return wait == null || isAttempt(wait) ? wait : wait.minusNanos(System.nanoTime() - startNs);
        }

        private static boolean isAttempt(@Nullable Duration time) {
            return time != null && (time.isZero() || time.isNegative());
        }
    }
}
