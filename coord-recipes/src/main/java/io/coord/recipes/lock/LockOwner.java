package io.coord.recipes.lock;

/**
 * Somebody who may hold a lock several times over without being a thread: a request, a job, a reactive pipeline. Which
 * object it is counts, not its name; see {@link ReentrantDistributedLock#ownedBy}. Immutable.
 *
 * <p>Example: {@link ReentrantDistributedLock}.
 */
public final class LockOwner {
    private final String name;

    /** @param name what its leases are described with, in the place of a thread's name */
    public LockOwner(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "LockOwner[" + name + "]";
    }
}
