package io.coord.recipes.lock;

/**
 * A lock that its owner may acquire again while it has it. Through the blocking methods the owner is the calling thread;
 * the views of this type are for code that has no thread of its own.
 *
 * <pre>{@code
 * ReentrantDistributedLock lock = new Mutex(client, "/locks/report");
 * LockOwner request = new LockOwner("request 17");
 * lock.ownedBy(request).acquireAsync().thenCompose(first -> lock.ownedBy(request).acquireAsync());
 * DistributedLock plain = lock.withoutReentry();
 * }</pre>
 */
public interface ReentrantDistributedLock extends DistributedLock {
    /**
     * The same lock, for an owner that is no thread: through this view, blocking or not and whatever thread calls, the owner
     * may acquire again at once, gets the read lock while it has the write lock, is refused the write lock while it has the
     * read lock, and {@link #release()} gives back its newest lease. {@link #isHeldByCurrentThread()} tells whether the owner
     * holds the lock. Leases are shared with every view for the same owner of the same lock object, and with no other.
     */
    ReentrantDistributedLock ownedBy(LockOwner owner);

    /**
     * The same lock for callers who do not hold it twice: a thread that acquires it again waits for itself, as everybody
     * else does. Only a lease gives it back; {@link #release()} throws.
     */
    DistributedLock withoutReentry();

    @Override
    ReentrantDistributedLock forPurpose(String purpose);
}
