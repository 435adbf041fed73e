package io.coord.recipes.lock;

import io.coord.client.CoordClient;
import io.coord.recipes.internal.queue.QueueKind;
import java.util.List;

/**
 * A pair of locks on one path: readers hold it together, a writer holds it alone, and all are served in the order in which
 * they asked, so that neither kind starves the other. Znodes are named as Curator's {@code InterProcessReadWriteLock} names
 * them, {@code _c_<uuid>-__READ__<sequence>} and {@code _c_<uuid>-__WRIT__<sequence>}, so both exclude each other. Missing
 * parents are created as containers.
 *
 * <p>A thread that holds the write lock gets the read lock at once, and keeps its place in the queue when it releases the
 * write lock first: no waiting writer comes in between (a downgrade). A thread that holds only the read lock cannot have
 * the write lock: {@link LockUpgradeException}. The same goes for an owner that is no thread, see
 * {@link ReentrantDistributedLock#ownedBy}: both sides of one object know it.
 *
 * <p>Making one is cheap: it needs no thread, no watch and no request. Thread-safe.
 *
 * <pre>{@code
 * ReadWriteLock lock = new ReadWriteLock(client, "/locks/catalogue");
 * Lease writing = lock.writeLock().acquire();
 * work();
 * Lease reading = lock.readLock().acquire(); // A downgrade: nobody writes in between.
 * writing.release();
 * reading.release();
 * }</pre>
 */
public final class ReadWriteLock {
    private final QueuedLock.Shared shared;
    private final ReentrantDistributedLock readLock;
    private final ReentrantDistributedLock writeLock;

    /** @throws io.coord.protocol.data.InvalidPathException when the path is none */
    public ReadWriteLock(CoordClient client, String path) {
        this(new QueuedLock.Shared(client, path, null));
    }

    /** @param lockData what the znodes of this object hold, in the place of a {@link HolderDescription} */
    public ReadWriteLock(CoordClient client, String path, byte[] lockData) {
        this(new QueuedLock.Shared(client, path, lockData));
    }

    private ReadWriteLock(QueuedLock.Shared shared) {
        this(shared, new QueuedLock(shared, QueueKind.READ), new QueuedLock(shared, QueueKind.WRITE));
    }

    private ReadWriteLock(
            QueuedLock.Shared shared, ReentrantDistributedLock readLock, ReentrantDistributedLock writeLock) {
        this.shared = shared;
        this.readLock = readLock;
        this.writeLock = writeLock;
    }

    /** The same pair of locks, with a purpose that others see in the queue, see {@link DistributedLock#forPurpose}. */
    public ReadWriteLock forPurpose(String purpose) {
        return new ReadWriteLock(shared, readLock.forPurpose(purpose), writeLock.forPurpose(purpose));
    }

    public String path() {
        return shared.path;
    }

    /** The side that many may hold at once. */
    public ReentrantDistributedLock readLock() {
        return readLock;
    }

    /** The side that one may hold alone. */
    public ReentrantDistributedLock writeLock() {
        return writeLock;
    }

    /** A look at the queue of readers and writers from outside. */
    public LockQueue queue() {
        return writeLock.queue();
    }

    /** Readers and writers in the order of service; see {@link DistributedLock#participants()}. */
    public List<LockParticipant> participants() {
        return writeLock.participants();
    }
}
