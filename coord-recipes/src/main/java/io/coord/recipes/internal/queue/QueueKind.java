package io.coord.recipes.internal.queue;

/**
 * The kinds of znode that stand in a queue, told apart by a marker in the name. A name is
 * {@code _c_<uuid>-<marker><sequence>}; the layouts are Curator's ({@code InterProcessMutex},
 * {@code InterProcessReadWriteLock}, {@code LeaderLatch}, {@code InterProcessSemaphoreV2}), so that its clients and ours see one queue.
 */
public enum QueueKind {
    MUTEX("lock-"),
    WRITE("__WRIT__"),
    READ("__READ__"),
    LATCH("latch-"),
    /** A permit of a semaphore: who may create one has been decided before. */
    LEASE("lease-");

    private final String marker;

    QueueKind(String marker) {
        this.marker = marker;
    }

    public String marker() {
        return marker;
    }

    /** A reader is held up by writers only; everyone else by whatever stands before it. */
    boolean waitsForWritersOnly() {
        return this == READ;
    }

    /** It enters as soon as its znode is there. */
    boolean waitsForNobody() {
        return this == LEASE;
    }
}
