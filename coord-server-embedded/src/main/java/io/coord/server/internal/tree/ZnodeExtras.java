package io.coord.server.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * What most of millions of znodes lack: a change since their creation, an owner, data that is not small, children. A znode
 * gets it with the first of these.
 */
final class ZnodeExtras {
    final long owner;
    long mzxid;
    long mtime;
    int version;
    int aversion;
    /** Null when the data is null or stands in the node's {@link ZnodeBytes}. */
    byte @Nullable [] largeData;
    /** Null as long as no child was ever there. */
    @Nullable
    Children children;

    ZnodeExtras(long owner, long mzxid, long mtime) {
        this.owner = owner;
        this.mzxid = mzxid;
        this.mtime = mtime;
    }
}
