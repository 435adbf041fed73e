package io.coord.server.internal.tree;

import io.coord.protocol.data.Stat;
import io.coord.server.internal.auth.AccessList;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One znode. Only a {@link TreeEdit} changes it, and only on the owner thread. There can be millions, so the bytes are
 * counted (decision 9): the node knows its name and its parent instead of its path, name and small data are one array, and
 * what few nodes need stands in {@link ZnodeExtras}. A node that was deleted still answers as at its end.
 */
public final class Znode {
    /** The internal owner of a container; clients see 0. ZooKeeper's own marker, so that imported data keeps it. */
    public static final long CONTAINER = Long.MIN_VALUE;

    /**
     * The top byte of the internal owner of a znode with a time to live, in ZooKeeper's own form: a byte that no session's
     * id begins with, two bytes of zeros, the time in milliseconds.
     */
    private static final long TTL_MARK = 0xffL << 56;

    /** Null for the root, and until a snapshot's later record brings it. */
    @Nullable
    Znode parent;
    /** That of the path, see {@link PathTable}. */
    final int hash;
    /** See {@link ZnodeBytes}. */
    byte[] bytes;

    AccessList acl;

    @Nullable
    ZnodeExtras extras;
    /** Where the parent's {@link Children} keep this node. */
    int slot;
    /** The number of the last snapshot cut that holds this node already, or that it is too young for. */
    int cut;

    final long czxid;
    final long ctime;

    Znode(@Nullable Znode parent, int hash, byte[] bytes, AccessList acl, long czxid, long ctime) {
        this.parent = parent;
        this.hash = hash;
        this.bytes = bytes;
        this.acl = acl;
        this.czxid = czxid;
        this.ctime = ctime;
    }

    /** Put together anew by each call. */
    public String path() {
        if (parent == null) {
            return "/";
        }
        int length = 0;
        for (Znode each = this; each.parent != null; each = each.parent) {
            length += 1 + ZnodeBytes.nameLength(each.bytes);
        }
        byte[] path = new byte[length];
        int to = length;
        for (Znode each = this; each.parent != null; each = each.parent) {
            int nameLength = ZnodeBytes.nameLength(each.bytes);
            to -= nameLength;
            System.arraycopy(each.bytes, ZnodeBytes.nameStart(each.bytes), path, to, nameLength);
            path[--to] = '/';
        }
        return new String(path, StandardCharsets.UTF_8);
    }

    /** Whether the first {@code end} characters of a path are this node's own; 0 stands for the root. */
    boolean isAt(String path, int end) {
        Znode node = this;
        int to = end;
        while (node.parent != null) {
            int from = ZnodeBytes.findBefore(to, path, node.bytes);
            if (from < 1 || path.charAt(from - 1) != '/') {
                return false;
            }
            to = from - 1;
            node = node.parent;
        }
        return to == 0;
    }

    /** Null for the root only. */
    public @Nullable Znode parent() {
        return parent;
    }

    /** Null when a client wrote null. Not to be changed; whether it is a copy depends on its length. */
    public byte @Nullable [] data() {
        ZnodeExtras present = extras;
        return present == null || present.largeData == null ? ZnodeBytes.data(bytes) : present.largeData;
    }

    public int dataLength() {
        ZnodeExtras present = extras;
        return present == null || present.largeData == null
                ? bytes.length - ZnodeBytes.dataStart(bytes)
                : present.largeData.length;
    }

    public AccessList acl() {
        return acl;
    }

    public int version() {
        return extras == null ? 0 : extras.version;
    }

    public int aversion() {
        return extras == null ? 0 : extras.aversion;
    }

    public long mzxid() {
        return extras == null ? czxid : extras.mzxid;
    }

    /** Wall-clock milliseconds of the creation or of the last new data. */
    public long mtime() {
        return extras == null ? ctime : extras.mtime;
    }

    /** A session's id, {@link #CONTAINER}, the mark and the time of {@link #ownerOfTtl}, or 0. */
    long owner() {
        return extras == null ? 0 : extras.owner;
    }

    /** The session that this node dies with, 0 when it is no ephemeral. */
    public long ephemeralOwner() {
        return isEphemeral() ? owner() : 0;
    }

    public boolean isEphemeral() {
        return owner() != 0 && !isContainer() && !isTtl();
    }

    public boolean isContainer() {
        return owner() == CONTAINER;
    }

    /** Whether the node is removed when it has had no children and no new data for its time to live. */
    public boolean isTtl() {
        return owner() >>> 56 == TTL_MARK >>> 56;
    }

    /** The time to live in milliseconds; 0 when it has none. */
    public long ttlMs() {
        return isTtl() ? owner() & ~TTL_MARK : 0;
    }

    /** The owner to create a node with that has a time to live, from 1 to 2^40 - 1 milliseconds. */
    public static long ownerOfTtl(long ttlMs) {
        return TTL_MARK | ttlMs;
    }

    /** Null as long as no child was ever there. */
    @Nullable
    Children children() {
        return extras == null ? null : extras.children;
    }

    public int childCount() {
        Children children = children();
        return children == null ? 0 : children.count();
    }

    /** How many nodes are below this one, at any depth; known at any time, not counted by the call. */
    public int descendantCount() {
        Children children = children();
        return children == null ? 0 : children.descendants;
    }

    /**
     * How many children were ever created here, of any kind; the suffix of the next sequential child. Deletions leave it
     * alone; it wraps as ZooKeeper's does.
     */
    public int createCount() {
        Children children = children();
        return children == null ? 0 : children.createCount;
    }

    /** The zxid of the last creation or deletion of a child; of the node's own creation when there was none. */
    public long pzxid() {
        Children children = children();
        return children == null ? czxid : children.pzxid;
    }

    /** What clients see as the number of changes to the list of children. */
    public int cversion() {
        return 2 * createCount() - childCount();
    }

    public Stat stat() {
        ZnodeExtras present = extras;
        if (present == null) {
            int dataLength = bytes.length - ZnodeBytes.dataStart(bytes);
            return new Stat(czxid, czxid, ctime, ctime, 0, 0, 0, 0, dataLength, 0, czxid);
        }
        Children children = present.children;
        int childCount = children == null ? 0 : children.count();
        return new Stat(
                czxid,
                present.mzxid,
                ctime,
                present.mtime,
                present.version,
                children == null ? 0 : 2 * children.createCount - childCount,
                present.aversion,
                present.owner == 0 ? 0 : ephemeralOwner(),
                dataLength(),
                childCount,
                children == null ? czxid : children.pzxid);
    }

    @Override
    public String toString() {
        return path();
    }

    void setData(byte @Nullable [] data) {
        boolean large = data != null && data.length > ZnodeBytes.LONGEST_DATA;
        if (large || extras != null) {
            needExtras().largeData = large ? data : null;
        }
        bytes = ZnodeBytes.withData(bytes, large ? null : data);
    }

    /** Makes room for what a node does not have from its creation. */
    ZnodeExtras needExtras() {
        ZnodeExtras present = extras;
        if (present == null) {
            present = new ZnodeExtras(0, czxid, ctime);
            extras = present;
        }
        return present;
    }
}
