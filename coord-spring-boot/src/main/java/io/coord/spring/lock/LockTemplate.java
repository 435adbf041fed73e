package io.coord.spring.lock;

import org.jspecify.annotations.Nullable;

/**
 * What the annotations do, for code: runs tasks under the same locks, with the same settings, meters and warnings. Methods and tasks nest
 * on one thread under one lease.
 *
 * <pre>{@code
 * int left = locks.withWrite("stock", lease -> take(item));
 * Optional<Report> report = locks.read("stock").key(item).waitAtMost(Duration.ofSeconds(2)).tryRun(lease -> report(item));
 * }</pre>
 *
 * <p>Whoever wants a lease of its own, to release it on another thread, takes the lock of {@link NamedLocks}.
 *
 * <p>Thread-safe: immutable.
 */
public final class LockTemplate {

    private final NamedLocks locks;
    private final LockSettings settings;
    private final LockedCalls calls;

    /** @param advisor that puts locks around methods; tasks and methods know of each other */
    public LockTemplate(NamedLocks locks, LockSettings settings, LockAdvisor advisor) {
        this.locks = locks;
        this.settings = settings;
        this.calls = advisor.calls();
    }

    /**
     * Runs a task under a read lock, as {@link ReadLock} does.
     *
     * @throws LockNotAcquiredException when the lock could not be had in {@code coord.lock.wait}; the task did not run
     * @throws LockLostException when the lock was lost meanwhile; the task has run, wholly or in part
     * @throws IllegalArgumentException when the name is none
     */
    public <T extends @Nullable Object, E extends Exception> T withRead(String name, LockTask<T, E> task) throws E {
        return read(name).run(task);
    }

    /**
     * Runs a task under a write lock, as {@link WriteLock} does.
     *
     * @throws IllegalStateException when the thread holds the lock as a reader
     * @throws LockNotAcquiredException as {@link #withRead}
     * @throws LockLostException as {@link #withRead}
     */
    public <T extends @Nullable Object, E extends Exception> T withWrite(String name, LockTask<T, E> task) throws E {
        return write(name).run(task);
    }

    /**
     * Runs a task under a lock that knows no readers, as {@link DistributedLock} does.
     *
     * @throws LockNotAcquiredException as {@link #withRead}
     * @throws LockLostException as {@link #withRead}
     */
    public <T extends @Nullable Object, E extends Exception> T withMutex(String name, LockTask<T, E> task) throws E {
        return mutex(name).run(task);
    }

    /**
     * Runs a task with one of a number of permits, as {@link Permit} does.
     *
     * @throws LockNotAcquiredException as {@link #withRead}
     * @throws LockLostException as {@link #withRead}
     */
    public <T extends @Nullable Object, E extends Exception> T withPermit(String name, int limit, LockTask<T, E> task)
            throws E {
        return permit(name, limit).run(task);
    }

    /** A read lock, for tasks that need more settings than {@link #withRead}. */
    public LockCall read(String name) {
        return call(name, LockMode.READ, 0);
    }

    /** A write lock, likewise. */
    public LockCall write(String name) {
        return call(name, LockMode.WRITE, 0);
    }

    /** A lock that knows no readers, likewise. */
    public LockCall mutex(String name) {
        return call(name, LockMode.EXCLUSIVE, 0);
    }

    /**
     * One of a number of permits, likewise.
     *
     * @throws IllegalArgumentException when the limit is below 1
     */
    public LockCall permit(String name, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("There must be at least one permit, not " + limit);
        }
        return call(name, LockMode.PERMIT, limit);
    }

    private LockCall call(String name, LockMode mode, int limit) {
        return new LockCall(
                calls,
                new LockRequest(
                        "A task",
                        mode,
                        name,
                        null,
                        locks.path(name),
                        limit,
                        settings.waitTime(),
                        settings.onLost(),
                        LockRequest.Calls.NONE,
                        locks));
    }
}
