package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.recipes.internal.queue.QueueKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A lock that one holder has at a time. Znodes below the path are named as Curator's {@code InterProcessMutex} names them,
 * {@code _c_<uuid>-lock-<sequence>}, so both exclude each other. Missing parents are created as containers.
 *
 * <p>Making one is cheap: it needs no thread, no watch and no request.
 *
 * <pre>{@code
 * Mutex mutex = new Mutex(client, "/locks/report");
 * try (Lease lease = mutex.acquire()) {
 *     work();
 * }
 * Optional<Lease> perhaps = mutex.acquire(Duration.ofSeconds(2));
 * }</pre>
 */
public final class Mutex implements ReentrantDistributedLock {
    private final ReentrantDistributedLock lock;

    /** @throws io.coord.protocol.data.InvalidPathException when the path is none */
    public Mutex(CoordClient client, String path) {
        this.lock = new QueuedLock(new QueuedLock.Shared(client, path, null), QueueKind.MUTEX);
    }

    /** @param lockData what the znodes of this object hold, in the place of a {@link HolderDescription} */
    public Mutex(CoordClient client, String path, byte[] lockData) {
        this.lock = new QueuedLock(new QueuedLock.Shared(client, path, lockData), QueueKind.MUTEX);
    }

    @Override
    public String path() {
        return lock.path();
    }

    @Override
    public Lease acquire() {
        return lock.acquire();
    }

    @Override
    public Optional<Lease> acquire(Duration wait) {
        return lock.acquire(wait);
    }

    @Override
    public Optional<Lease> tryAcquire() {
        return lock.tryAcquire();
    }

    @Override
    public CompletionStage<Lease> acquireAsync() {
        return lock.acquireAsync();
    }

    @Override
    public CompletionStage<Optional<Lease>> acquireAsync(Duration wait) {
        return lock.acquireAsync(wait);
    }

    @Override
    public void release() {
        lock.release();
    }

    @Override
    public boolean isHeldByCurrentThread() {
        return lock.isHeldByCurrentThread();
    }

    @Override
    public ReentrantDistributedLock ownedBy(LockOwner owner) {
        return lock.ownedBy(owner);
    }

    @Override
    public DistributedLock withoutReentry() {
        return lock.withoutReentry();
    }

    @Override
    public ReentrantDistributedLock forPurpose(String purpose) {
        return lock.forPurpose(purpose);
    }

    @Override
    public LockQueue queue() {
        return lock.queue();
    }

    @Override
    public List<LockParticipant> participants() {
        return lock.participants();
    }
}
