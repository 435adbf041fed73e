package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEvent;

/**
 * Somebody asks this application to release a lock that a method or a task holds: through the endpoint {@code coordlocks}, the shell,
 * {@link io.coord.recipes.lock.LockQueue#requestRelease} or Curator's {@code Revoker}. It is a request only: the lock is released when
 * the method ends, so a listener makes it end. Published once for each lease, on a thread of the lock's name, which may use the client
 * and block; not before the context is ready, and perhaps a moment after the method has ended.
 */
public final class LockReleaseRequestedEvent extends ApplicationEvent {

    private static final long serialVersionUID = 1;

    private final transient ObservedLock lock;
    private final transient Lease lease;

    LockReleaseRequestedEvent(LockRequest request, Lease lease) {
        super(request.locks());
        this.lock = request.observed();
        this.lease = lease;
    }

    /** As its annotation names it, without the key. */
    public String name() {
        return lock.name();
    }

    /** Of this holding; null when the lock has none. */
    public @Nullable String key() {
        return lock.key();
    }

    /** How it is held. */
    public LockMode mode() {
        return lock.mode();
    }

    /** Who holds it: a method, or the purpose of a task. */
    public String user() {
        return lock.user();
    }

    /** The lease that is asked for. */
    public Lease lease() {
        return lease;
    }
}
