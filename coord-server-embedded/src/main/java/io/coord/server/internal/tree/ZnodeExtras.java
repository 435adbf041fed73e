package io.coord.server.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * What most of millions of znodes lack: an owner, an ACL that was changed, data that is not small, children. A znode gets it
 * with the first of these.
 */
final class ZnodeExtras {
    final long owner;
    int aversion;
    /** Where {@link EphemeralTable} keeps the node. */
    int ephemeralIndex;
    /** Null when the data is null or stands in the node's block. */
    byte @Nullable [] largeData;
    /** Null as long as no child was ever there. */
    @Nullable
    Children children;

    ZnodeExtras(long owner) {
        this.owner = owner;
    }

    boolean isEmpty() {
        return owner == 0 && aversion == 0 && largeData == null && children == null;
    }
}
