package io.coord.server.internal.tree;

import io.coord.protocol.data.Stat;
import io.coord.server.internal.auth.AccessList;
import org.jspecify.annotations.Nullable;

/**
 * One znode. Only a {@link TreeEdit} changes it, and only on the owner thread. There can be millions, so the fields are
 * counted: what only a node with children needs stands in {@link Children}.
 */
public final class Znode {
    /** The internal owner of a container; clients see 0. ZooKeeper's own marker, so that imported data keeps it. */
    public static final long CONTAINER = Long.MIN_VALUE;

    /**
     * The top byte of the internal owner of a znode with a time to live, in ZooKeeper's own form: a byte that no session's
     * id begins with, two bytes of zeros, the time in milliseconds.
     */
    private static final long TTL_MARK = 0xffL << 56;

    private static final byte[] EMPTY = {};

    final String path;
    /** Null for the root only. */
    @Nullable
    Znode parent;

    byte @Nullable [] data;
    AccessList acl;
    /** Null as long as no child was ever there. */
    @Nullable
    Children children;
    /** Where the parent's {@link Children} keep this node. */
    int slot;

    int version;
    int aversion;
    /** The number of the last snapshot cut that holds this node already, or that it is too young for. */
    int cut;

    final long czxid;
    final long ctime;
    /** A session's id, {@link #CONTAINER}, the mark and the time of {@link #ownerOfTtl}, or 0. */
    final long owner;

    long mzxid;
    long mtime;

    Znode(String path, byte @Nullable [] data, AccessList acl, long owner, long zxid, long time) {
        this.path = path;
        this.data = data != null && data.length == 0 ? EMPTY : data;
        this.acl = acl;
        this.owner = owner;
        this.czxid = zxid;
        this.mzxid = zxid;
        this.ctime = time;
        this.mtime = time;
    }

    public String path() {
        return path;
    }

    /** Null for the root only. */
    public @Nullable Znode parent() {
        return parent;
    }

    /** Null when a client wrote null. Not to be changed. */
    public byte @Nullable [] data() {
        return data;
    }

    public AccessList acl() {
        return acl;
    }

    public int version() {
        return version;
    }

    public int aversion() {
        return aversion;
    }

    public long mzxid() {
        return mzxid;
    }

    /** Wall-clock milliseconds of the creation or of the last new data. */
    public long mtime() {
        return mtime;
    }

    /** The session that this node dies with, 0 when it is no ephemeral. */
    public long ephemeralOwner() {
        return isEphemeral() ? owner : 0;
    }

    public boolean isEphemeral() {
        return owner != 0 && owner != CONTAINER && !isTtl();
    }

    public boolean isContainer() {
        return owner == CONTAINER;
    }

    /** Whether the node is removed when it has had no children and no new data for its time to live. */
    public boolean isTtl() {
        return owner >>> 56 == TTL_MARK >>> 56;
    }

    /** The time to live in milliseconds; 0 when it has none. */
    public long ttlMs() {
        return isTtl() ? owner & ~TTL_MARK : 0;
    }

    /** The owner to create a node with that has a time to live, from 1 to 2^40 - 1 milliseconds. */
    public static long ownerOfTtl(long ttlMs) {
        return TTL_MARK | ttlMs;
    }

    public int childCount() {
        return children == null ? 0 : children.count();
    }

    /**
     * How many children were ever created here, of any kind; the suffix of the next sequential child. Deletions leave it
     * alone; it wraps as ZooKeeper's does.
     */
    public int createCount() {
        return children == null ? 0 : children.createCount;
    }

    /** The zxid of the last creation or deletion of a child; of the node's own creation when there was none. */
    public long pzxid() {
        return children == null ? czxid : children.pzxid;
    }

    /** What clients see as the number of changes to the list of children. */
    public int cversion() {
        return 2 * createCount() - childCount();
    }

    public Stat stat() {
        byte @Nullable [] bytes = data;
        return new Stat(
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                cversion(),
                aversion,
                ephemeralOwner(),
                bytes == null ? 0 : bytes.length,
                childCount(),
                pzxid());
    }

    @Override
    public String toString() {
        return path;
    }
}
