package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lease and the calls that run under it: the one that acquired it and those nested in it, which may outlive it when they return
 * a stage. The last one to end releases the lease.
 *
 * <p>Thread-safe: the count is atomic, everything else is final.
 */
final class Holding {

    private final ReadWriteLocks locks;
    private final String path;
    private final LockMode mode;
    private final Lease lease;
    private final LockObserver.Held observed;
    private final AtomicInteger calls = new AtomicInteger(1);

    Holding(ReadWriteLocks locks, String path, LockMode mode, Lease lease, LockObserver.Held observed) {
        this.locks = locks;
        this.path = path;
        this.mode = mode;
        this.lease = lease;
        this.observed = observed;
    }

    /** Whether it is a lease of that lock: the same path on other servers is another lock. */
    boolean isOf(ReadWriteLocks otherLocks, String otherPath) {
        return locks == otherLocks && path.equals(otherPath);
    }

    String path() {
        return path;
    }

    LockMode mode() {
        return mode;
    }

    Lease lease() {
        return lease;
    }

    void retain() {
        calls.incrementAndGet();
    }

    /** Ends one call. The last one waits until the servers have confirmed the release, unless they are out of reach. */
    void release() {
        if (isLast()) {
            lease.release();
        }
    }

    /** Ends one call without waiting for anything. */
    void releaseAsync() {
        if (isLast()) {
            lease.releaseAsync();
        }
    }

    private boolean isLast() {
        boolean last = calls.decrementAndGet() == 0;
        if (last) {
            observed.onReleased();
        }
        return last;
    }
}
