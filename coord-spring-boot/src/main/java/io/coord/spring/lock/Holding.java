package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseState;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lease and the calls that run under it: the one that acquired it and those nested in it, which may outlive it when they return
 * a stage. The last one to end releases the lease.
 *
 * <p>Thread-safe: the count is atomic, everything else is final.
 */
final class Holding {

    private final LockRequest request;
    private final Lease lease;
    private final LockObserver.Held observed;
    private final HoldWarnings.Watched watched;
    private final AtomicInteger calls = new AtomicInteger(1);

    Holding(LockRequest request, Lease lease, LockObserver.Held observed, HoldWarnings.Watched watched) {
        this.request = request;
        this.lease = lease;
        this.observed = observed;
        this.watched = watched;
    }

    /** Whether it is a lease of that lock: the same path on other servers is another lock. */
    boolean isOf(LockRequest other) {
        return request.locks() == other.locks()
                && request.path().equals(other.path())
                && request.mode().isOfOneKindWith(other.mode());
    }

    String path() {
        return request.path();
    }

    LockMode mode() {
        return request.mode();
    }

    Lease lease() {
        return lease;
    }

    /** Whether the lock was lost and who uses it wants to know. */
    boolean isLost(OnLost onLost) {
        return onLost != OnLost.IGNORE && lease.state() == LeaseState.LOST;
    }

    /** The thread that acquired it goes on to something else, while the lock is held. */
    void leaveThread() {
        watched.leaveThread();
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
            watched.end();
            observed.onReleased();
        }
        return last;
    }
}
