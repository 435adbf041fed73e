package io.coord.recipes.lock;

/**
 * How sure a holder can be of its lock.
 *
 * <pre>{@code
 * Lease lease = new Mutex(client, "/locks/ledger").acquire();
 * while (lease.state() == LeaseState.HELD) {
 *     work();
 * }
 * lease.release();
 * }</pre>
 */
public enum LeaseState {
    /** The session is certainly alive, and with it the lock's znode. */
    HELD,
    /**
     * The servers are out of reach, or have been silent for so long that the session may have ended. The lock may be held
     * still, or by somebody else already; HELD or LOST follows.
     */
    SUSPECT,
    /** The lock's znode is gone: the session ended, or somebody deleted it. Final. */
    LOST,
    /** Given back by its owner. Final. */
    RELEASED
}
