package io.coord.server.internal.watch;

/** One connection's interest in one path: a set of the kinds below. Gone when the set is empty. */
final class Watch {
    /** Fires once, for the node. */
    static final int DATA = 1;
    /** Fires once, for the list of children. */
    static final int CHILDREN = 2;
    /** Stays; for the node and the list of its children. */
    static final int PERSISTENT = 4;
    /** Stays; for the node and all below it, not for lists of children. */
    static final int RECURSIVE = 8;

    static final int ONE_SHOT = DATA | CHILDREN;

    final Watches owner;
    final PathWatches place;
    /** Where {@link #place} keeps it. */
    int slot;

    int kinds;

    /** How many it is as ZooKeeper counts. */
    int armed() {
        return ((kinds & (DATA | PERSISTENT | RECURSIVE)) == 0 ? 0 : 1)
                + ((kinds & (CHILDREN | PERSISTENT)) == 0 ? 0 : 1);
    }

    Watch(Watches owner, PathWatches place) {
        this.owner = owner;
        this.place = place;
    }
}
