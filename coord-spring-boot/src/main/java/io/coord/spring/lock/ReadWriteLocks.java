package io.coord.spring.lock;

import io.coord.client.CoordClient;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.lock.DistributedLock;
import io.coord.recipes.lock.ReadWriteLock;
import java.nio.charset.StandardCharsets;

/**
 * Read-write locks by name, the same ones that {@link ReadLock} and {@link WriteLock} take. Thread-safe: immutable.
 */
public final class ReadWriteLocks {

    private final CoordClient client;
    private final String root;
    private final byte[] holder;

    /**
     * @param root path that all locks live below
     * @param holder what to write into the znodes of holders and waiters, for whoever looks at a lock's queue
     */
    public ReadWriteLocks(CoordClient client, String root, String holder) {
        this.client = client;
        this.root = ZnodePath.validate(root);
        this.holder = holder.getBytes(StandardCharsets.UTF_8);
    }

    /** The lock that methods with this name and no key take. Each call makes a new object for the same lock. */
    public ReadWriteLock get(String name) {
        return at(path(name));
    }

    /** The lock that methods with this name take for a key of this text. Each call makes a new object for the same lock. */
    public ReadWriteLock get(String name, Object key) {
        return at(path(name, key.toString()));
    }

    private ReadWriteLock at(String path) {
        return new ReadWriteLock(client, path, holder);
    }

    DistributedLock at(String path, LockMode mode) {
        return switch (mode) {
            case READ -> at(path).readLock();
            case WRITE -> at(path).writeLock();
        };
    }

    String path(String name) {
        return ZnodePath.validate(root + '/' + name);
    }

    String path(String name, String key) {
        return path(name) + '/' + LockKey.toPathElement(key);
    }
}
