package io.coord.recipes.counter;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.error.BadVersionException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.session.SerialExecutor;
import io.coord.protocol.data.Stat;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Timer;
import io.coord.recipes.lock.DistributedLock;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.Mutex;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The data of one znode, changed under the condition that they are still those that were read. Missing znodes are created, with
 * containers as parents.
 *
 * <p>Thread-safe: it holds no mutable state; each update has a queue of its own.
 */
final class AtomicCell {
    private static final int RACES_BEFORE_LOCK = 8;
    private static final long LONGEST_PAUSE_US = 50_000;

    final CoordClient client;
    final String path;
    private final Duration timeout;
    private final @Nullable DistributedLock lock;

    /** @param lockPath where those who lose too often queue up; null for nowhere */
    AtomicCell(CoordClient client, String path, Duration timeout, @Nullable String lockPath) {
        this.client = client;
        this.path = path;
        this.timeout = timeout;
        this.lock = lockPath == null ? null : new Mutex(client, lockPath).withoutReentry();
    }

    /** What to write in place of what was read. Called on a thread of the client, more than once when others write, too. */
    interface Change {
        /**
         * @param current null when the znode is missing
         * @return null to leave it
         */
        byte @Nullable [] of(byte @Nullable [] current);
    }

    /** What an update found and left. */
    record Outcome(byte @Nullable [] before, byte @Nullable [] after, boolean changed) {}

    /** @param othersMayWriteTheSame whether the same write by somebody else would be another effect, as with increments */
    CompletableFuture<Outcome> update(Change change, boolean othersMayWriteTheSame) {
        Update update = new Update(change, othersMayWriteTheSame);
        update.look();
        return update.result;
    }

    /** One update, from its first look to its outcome. Its queue owns it. */
    private final class Update {
        final CompletableFuture<Outcome> result = new CompletableFuture<>();
        private final Change change;
        private final boolean othersMayWriteTheSame;
        /** For code of users: the change is theirs. */
        private final SerialExecutor queue = client.callbackExecutor();

        private final long endNs = System.nanoTime() + Callers.nanos(timeout);
        private int races;
        private @Nullable Lease lease;
        /** Of which it is not known whether it happened. */
        private @Nullable Attempt uncertain;

        private @Nullable RuntimeException uncertainty;

        Update(Change change, boolean othersMayWriteTheSame) {
            this.change = change;
            this.othersMayWriteTheSame = othersMayWriteTheSame;
        }

        private Duration timeLeft() {
            return Duration.ofNanos(Math.max(0, endNs - System.nanoTime()));
        }

        void look() {
            StatHolder stat = new StatHolder();
            var read =
                    client.getData().storingStatIn(stat).withTimeout(timeLeft()).completingOn(queue);
            (uncertain == null ? read : read.afterSync()).forPathAsync(path).whenComplete((data, failure) -> {
                if (failure == null) {
                    guarded(() -> seen(data, stat.get()));
                    return;
                }
                RuntimeException cause = Callers.asUnchecked(failure);
                if (cause instanceof NoNodeException) {
                    guarded(this::seenMissing);
                } else if (cause instanceof RequestTimeoutException && races > 0) {
                    fail(new ContendedException(path, races, timeout));
                } else {
                    fail(cause);
                }
            });
        }

        /** The change is the user's code. */
        private void guarded(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException e) {
                fail(e);
            } catch (Throwable e) {
                // Whoever waits would wait for ever.
                releaseLock();
                result.completeExceptionally(e);
            }
        }

        private void seen(byte[] data, Stat stat) {
            Attempt lost = uncertain;
            if (lost != null) {
                switch (lost.fate(stat.czxid(), stat.version(), data, othersMayWriteTheSame)) {
                    case APPLIED -> {
                        succeed(new Outcome(null, data, true));
                        return;
                    }
                    case UNKNOWN -> {
                        failUncertain();
                        return;
                    }
                    case NOT_APPLIED -> forgetUnlessRepeated(lost, stat.version());
                }
            }
            byte[] next = change.of(data);
            if (next == null) {
                leave(data);
                return;
            }
            client.setData()
                    .withVersion(stat.version())
                    .withTimeout(timeLeft())
                    .completingOn(queue)
                    .forPathAsync(path, next)
                    .whenComplete((written, failure) -> answered(
                            new Outcome(data, next, true), new Attempt(stat.czxid(), stat.version(), next), failure));
        }

        private void seenMissing() {
            Attempt lost = uncertain;
            if (lost != null && lost.fateWhenMissing() == Attempt.Fate.UNKNOWN) {
                failUncertain();
                return;
            }
            byte[] next = change.of(null);
            if (next == null) {
                leave(null);
                return;
            }
            client.create()
                    .creatingParentContainersIfNeeded()
                    .withTimeout(timeLeft())
                    .completingOn(queue)
                    .forPathAsync(path, next)
                    .whenComplete((created, failure) ->
                            answered(new Outcome(null, next, true), new Attempt(0, Attempt.CREATION, next), failure));
        }

        /** As long as the version has not moved on, the write that is in doubt may still arrive before its repetition. */
        private void forgetUnlessRepeated(Attempt lost, int seenVersion) {
            if (lost.version() != seenVersion) {
                uncertain = null;
                uncertainty = null;
            }
        }

        /** Nothing is to be changed, unless a write in doubt may still change it. */
        private void leave(byte @Nullable [] data) {
            if (uncertain == null) {
                succeed(new Outcome(data, data, false));
            } else {
                failUncertain();
            }
        }

        private void answered(Outcome outcome, Attempt attempt, @Nullable Throwable failure) {
            if (failure == null) {
                succeed(outcome);
                return;
            }
            RuntimeException cause = Callers.asUnchecked(failure);
            if (cause instanceof BadVersionException
                    || cause instanceof NodeExistsException
                    || cause instanceof NoNodeException) {
                raceLost();
            } else if (cause instanceof OutcomeUnknown) {
                uncertain = attempt;
                uncertainty = cause;
                look();
            } else {
                fail(cause);
            }
        }

        private void raceLost() {
            races++;
            if (timeLeft().isZero()) {
                fail(new ContendedException(path, races, timeout));
            } else if (lock != null && lease == null && races >= RACES_BEFORE_LOCK) {
                lock.acquireAsync(timeLeft())
                        .whenComplete((granted, failure) ->
                                queue.execute(() -> locked(granted == null ? Optional.empty() : granted, failure)));
            } else {
                long pauseUs = Math.min(LONGEST_PAUSE_US, 100L << Math.min(races, 10));
                Timer.schedule(
                        queue, Duration.ofNanos(ThreadLocalRandom.current().nextLong(pauseUs) * 1_000), this::look);
            }
        }

        private void locked(Optional<Lease> granted, @Nullable Throwable failure) {
            lease = granted.orElse(null);
            if (failure == null && granted.isPresent()) {
                look();
            } else {
                fail(failure == null ? new ContendedException(path, races, timeout) : Callers.asUnchecked(failure));
            }
        }

        private void succeed(Outcome outcome) {
            releaseLock();
            result.complete(outcome);
        }

        private void failUncertain() {
            fail(new IllegalStateException("no write is in doubt"));
        }

        /** As long as a write is in doubt, that is what the caller has to know. */
        private void fail(RuntimeException cause) {
            RuntimeException unknown = uncertainty;
            releaseLock();
            result.completeExceptionally(unknown == null ? cause : unknown);
        }

        private void releaseLock() {
            Lease held = lease;
            if (held != null) {
                lease = null;
                held.releaseAsync();
            }
        }
    }
}
