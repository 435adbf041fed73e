package io.coord.spring.lock;

import io.coord.client.CoordClient;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.Mutex;
import io.coord.recipes.lock.ReadWriteLock;
import io.coord.recipes.lock.ReentrantDistributedLock;
import io.coord.recipes.lock.Semaphore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Locks by name, the same ones that {@link ReadLock}, {@link WriteLock}, {@link DistributedLock} and {@link Permit} take. Thread-safe:
 * immutable.
 */
public final class NamedLocks {

    /** What the recipes take. */
    private static final int LONGEST_PURPOSE = 1000;

    private final CoordClient client;
    private final String root;
    private final String application;

    /**
     * @param root path that all locks live below
     * @param application what whoever looks at a lock's queue sees of this one, beside host, process and thread
     */
    public NamedLocks(CoordClient client, String root, String application) {
        this.client = client;
        this.root = ZnodePath.validate(root);
        this.application = shortened(application);
    }

    /** The lock that methods with this name and no key take. Each call makes a new object for the same lock. */
    public ReadWriteLock readWriteLock(String name) {
        return readWriteAt(path(name));
    }

    /** The lock that methods with this name take for a key of this text. Each call makes a new object for the same lock. */
    public ReadWriteLock readWriteLock(String name, Object key) {
        return readWriteAt(path(name, key.toString()));
    }

    /** As {@link #readWriteLock(String)}, for {@link DistributedLock}. */
    public ReentrantDistributedLock mutex(String name) {
        return new Mutex(client, path(name)).forPurpose(application);
    }

    /** As {@link #readWriteLock(String, Object)}, for {@link DistributedLock}. */
    public ReentrantDistributedLock mutex(String name, Object key) {
        return new Mutex(client, path(name, key.toString())).forPurpose(application);
    }

    /**
     * As {@link #readWriteLock(String)}, for {@link Permit}.
     *
     * @param limit how many permits there are; whoever uses the same ones says the same
     */
    public Semaphore semaphore(String name, int limit) {
        return new Semaphore(client, path(name), limit).forPurpose(application);
    }

    /** As {@link #semaphore(String, int)}, for a key of this text. */
    public Semaphore semaphore(String name, Object key, int limit) {
        return new Semaphore(client, path(name, key.toString()), limit).forPurpose(application);
    }

    private ReadWriteLock readWriteAt(String path) {
        return new ReadWriteLock(client, path).forPurpose(application);
    }

    private static String shortened(String purpose) {
        return purpose.substring(0, Math.min(LONGEST_PURPOSE, purpose.length()));
    }

    /** One lock in one mode, as it is taken. */
    interface Source {

        /** On the calling thread; empty when it could not be had in that time. */
        Optional<Lease> acquire(Duration wait);

        /** Without waiting; cancelling the stage's future gives up. */
        CompletionStage<Optional<Lease>> acquireAsync(Duration wait);
    }

    /**
     * @param limit of permits; without meaning in other modes
     * @param user what others see beside the application
     */
    Source at(String path, LockMode mode, int limit, String user) {
        String shown = shortened(application + ' ' + user);
        return switch (mode) {
            case READ -> new Queued(new ReadWriteLock(client, path).readLock().forPurpose(shown));
            case WRITE -> new Queued(new ReadWriteLock(client, path).writeLock().forPurpose(shown));
            case EXCLUSIVE -> new Queued(new Mutex(client, path).forPurpose(shown));
            case PERMIT -> new Permits(new Semaphore(client, path, limit).forPurpose(shown));
        };
    }

    String path(String name) {
        return ZnodePath.validate(root + '/' + name);
    }

    String path(String name, String key) {
        return path(name) + '/' + LockKey.toPathElement(key);
    }

    private record Queued(io.coord.recipes.lock.DistributedLock lock) implements Source {

        @Override
        public Optional<Lease> acquire(Duration wait) {
            return lock.acquire(wait);
        }

        @Override
        public CompletionStage<Optional<Lease>> acquireAsync(Duration wait) {
            return lock.acquireAsync(wait);
        }
    }

    private record Permits(Semaphore semaphore) implements Source {

        @Override
        public Optional<Lease> acquire(Duration wait) {
            return semaphore.acquire(wait);
        }

        @Override
        public CompletionStage<Optional<Lease>> acquireAsync(Duration wait) {
            return semaphore.acquireAsync(wait);
        }
    }
}
