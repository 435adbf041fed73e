package io.coord.server.internal.log;

/** What "committed" means on one node. */
public enum Durability {
    /** Synced to the disk: survives a loss of power. */
    FSYNC,
    /**
     * Handed to the operating system: survives the end of the process, but a loss of power may take the newest writes, also
     * acknowledged ones. For tests and measurements; ZooKeeper's {@code forceSync=no}.
     */
    NO_FSYNC
}
