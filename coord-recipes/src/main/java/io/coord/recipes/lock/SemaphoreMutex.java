package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.recipes.internal.call.CallerStages;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A mutex without owners: who acquires it twice waits for itself, and any thread may release it. It is a semaphore of one
 * permit with the znodes of Curator's {@code InterProcessSemaphoreMutex}, so both exclude each other; it excludes no
 * {@link Mutex} on the same path. Where that layout is not needed, {@link Mutex#withoutReentry()} does the same with fewer
 * requests.
 *
 * <p>Thread-safe: a lock around the list of its leases, otherwise the semaphore's queue.
 *
 * <pre>{@code
 * SemaphoreMutex mutex = new SemaphoreMutex(client, "/locks/report");
 * Lease lease = mutex.acquire();
 * executor.execute(lease::release); // Any thread may.
 * }</pre>
 */
public final class SemaphoreMutex implements DistributedLock {
    private final Semaphore semaphore;
    private final Held held;

    /** Leases that were acquired through one object, oldest first. */
    private static final class Held {
        private final Deque<Lease> leases = new ArrayDeque<>();

        synchronized void add(Lease lease) {
            leases.removeIf(each -> each.state() == LeaseState.RELEASED);
            leases.addLast(lease);
        }

        /** A lost lease counts until it is given back, so that its holder's release throws nothing. */
        synchronized Lease takeNewest() {
            leases.removeIf(lease -> lease.state() == LeaseState.RELEASED);
            Lease newest = leases.pollLast();
            if (newest == null) {
                throw new IllegalMonitorStateException("there is no lease of this lock to release");
            }
            return newest;
        }

        synchronized boolean isHeld() {
            return leases.stream()
                    .map(Lease::state)
                    .anyMatch(state -> state == LeaseState.HELD || state == LeaseState.SUSPECT);
        }
    }

    /** @throws io.coord.protocol.data.InvalidPathException when the path is none */
    public SemaphoreMutex(CoordClient client, String path) {
        this(new Semaphore(client, path, 1), new Held());
    }

    private SemaphoreMutex(Semaphore semaphore, Held held) {
        this.semaphore = semaphore;
        this.held = held;
    }

    @Override
    public String path() {
        return semaphore.path();
    }

    @Override
    public Lease acquire() {
        Lease lease = semaphore.acquire();
        held.add(lease);
        return lease;
    }

    @Override
    public Optional<Lease> acquire(Duration wait) {
        Optional<Lease> lease = semaphore.acquire(wait);
        lease.ifPresent(held::add);
        return lease;
    }

    @Override
    public Optional<Lease> tryAcquire() {
        return acquire(Duration.ZERO);
    }

    @Override
    public CompletionStage<Lease> acquireAsync() {
        return CallerStages.noting(semaphore.acquireAsync(), held::add, Lease::releaseAsync);
    }

    @Override
    public CompletionStage<Optional<Lease>> acquireAsync(Duration wait) {
        return CallerStages.noting(
                semaphore.acquireAsync(wait),
                lease -> lease.ifPresent(held::add),
                lease -> lease.ifPresent(Lease::releaseAsync));
    }

    /**
     * Releases the newest lease that was acquired through this object, whoever acquired it, as {@link Lease#release()} does.
     *
     * @throws IllegalMonitorStateException when there is none
     */
    @Override
    public void release() {
        held.takeNewest().release();
    }

    /** Whether a lease that was acquired through this object, by whatever thread, is neither released nor lost. */
    @Override
    public boolean isHeldByCurrentThread() {
        return held.isHeld();
    }

    @Override
    public DistributedLock forPurpose(String purpose) {
        return new SemaphoreMutex(semaphore.forPurpose(purpose), held);
    }

    /** Those who wait for their turn to look whether the lock is free; its holder is in {@link #participants()}. */
    @Override
    public LockQueue queue() {
        return semaphore.turns();
    }

    @Override
    public List<LockParticipant> participants() {
        return semaphore.participants();
    }
}
