package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseState;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A lease and the calls that run under it: the one that acquired it and those nested in it, which may outlive it when they return
 * a stage. The last one to end releases the lease.
 *
 * <p>Thread-safe: the count is atomic, what was observed is guarded by the monitor, everything else is final.
 */
final class Holding {

    private final LockRequest request;
    private final Lease lease;
    private final LockObserver.Held observed;
    private final HoldWarnings.Watched watched;
    private final AtomicInteger calls = new AtomicInteger(1);
    private boolean lossObserved;

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

    /** Whether a call is to fail because the lock was lost. */
    boolean failsFor(OnLost onLost) {
        return onLost.failsTheCall() && isLost();
    }

    boolean isLost() {
        return lease.state() == LeaseState.LOST;
    }

    /** What runs on this thread until the scope is closed runs under the lock. */
    LockObserver.Scope open() {
        return observed.open();
    }

    /** What a sequence under the lock finds in its subscriber's context. */
    Map<Object, Object> subscriberContext() {
        return observed.subscriberContext();
    }

    /** The thread that acquired it goes on to something else, while the lock is held. */
    void leaveThread() {
        watched.leaveThread();
    }

    void retain() {
        calls.incrementAndGet();
    }

    /**
     * Ends one call. The last one waits until the servers have confirmed the release, unless they are out of reach.
     *
     * @param failure of the call
     */
    void release(@Nullable Throwable failure) {
        if (isLast(failure)) {
            lease.release();
        }
    }

    /** Ends one call without waiting for anything. */
    void releaseAsync(@Nullable Throwable failure) {
        if (isLast(failure)) {
            lease.releaseAsync();
        }
    }

    /** The servers have told, or will not any more, that the lock is lost. Told to whoever observes it once, and not after the end. */
    synchronized void lost() {
        if (!lossObserved) {
            lossObserved = true;
            observed.onLost();
        }
    }

    private synchronized boolean isLast(@Nullable Throwable failure) {
        boolean last = calls.decrementAndGet() == 0;
        if (last) {
            if (isLost()) {
                lost();
            }
            lossObserved = true;
            watched.end();
            observed.onReleased(failure);
        }
        return last;
    }
}
