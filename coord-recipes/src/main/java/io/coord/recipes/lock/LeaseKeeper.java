package io.coord.recipes.lock;

/** The core that a lease came from. */
interface LeaseKeeper {
    /** Its owner gives it back. On the core's queue. */
    void release(Lease lease);
}
