package io.coord.server.internal.tree;

import io.coord.protocol.data.Stat;
import io.coord.server.internal.auth.AccessList;
import org.jspecify.annotations.Nullable;

/**
 * A look at one znode, which itself is bytes in the tree's {@link ZnodeStore}. Shows the znode as it is when it is asked,
 * and must not be kept beyond the command at hand: once the znode is gone for good another one may stand in its place. One
 * that a {@link TreeEdit} has deleted still answers, until the edit is over.
 */
public final class Znode {
    /** The internal owner of a container; clients see 0. ZooKeeper's own marker, so that imported data keeps it. */
    public static final long CONTAINER = Long.MIN_VALUE;

    /**
     * The top byte of the internal owner of a znode with a time to live, in ZooKeeper's own form: a byte that no session's
     * id begins with, two bytes of zeros, the time in milliseconds.
     */
    private static final long TTL_MARK = 0xffL << 56;

    final ZnodeTree tree;
    final int handle;

    Znode(ZnodeTree tree, int handle) {
        this.tree = tree;
        this.handle = handle;
    }

    /** Put together anew by each call. */
    public String path() {
        return tree.store().path(handle);
    }

    /** Null for the root only. */
    public @Nullable Znode parent() {
        int parent = tree.store().parent(handle);
        return parent == ZnodeStore.NONE ? null : tree.view(parent);
    }

    /** Null when a client wrote null. Not to be changed; whether it is a copy depends on its length. */
    public byte @Nullable [] data() {
        ZnodeExtras extras = tree.store().extras(handle);
        return extras == null || extras.largeData == null ? tree.store().data(handle) : extras.largeData;
    }

    public int dataLength() {
        return stat().dataLength();
    }

    public AccessList acl() {
        return tree.accessLists().get(tree.store().acl(handle));
    }

    public int version() {
        return tree.store().version(handle);
    }

    public int aversion() {
        ZnodeExtras extras = tree.store().extras(handle);
        return extras == null ? 0 : extras.aversion;
    }

    public long czxid() {
        return tree.store().czxid(handle);
    }

    public long mzxid() {
        return tree.store().mzxid(handle);
    }

    /** Wall-clock milliseconds of the creation. */
    public long ctime() {
        return tree.store().ctime(handle);
    }

    /** Wall-clock milliseconds of the creation or of the last new data. */
    public long mtime() {
        return tree.store().mtime(handle);
    }

    /** A session's id, {@link #CONTAINER}, the mark and the time of {@link #ownerOfTtl}, or 0. */
    long owner() {
        ZnodeExtras extras = tree.store().extras(handle);
        return extras == null ? 0 : extras.owner;
    }

    /** The session that this node dies with, 0 when it is no ephemeral. */
    public long ephemeralOwner() {
        return ephemeralOwner(owner());
    }

    static long ephemeralOwner(long owner) {
        return isSession(owner) ? owner : 0;
    }

    public boolean isEphemeral() {
        return isSession(owner());
    }

    static boolean isSession(long owner) {
        return owner != 0 && owner != CONTAINER && !isTtl(owner);
    }

    private static boolean isTtl(long owner) {
        return owner >>> 56 == TTL_MARK >>> 56;
    }

    public boolean isContainer() {
        return owner() == CONTAINER;
    }

    /** Whether the node is removed when it has had no children and no new data for its time to live. */
    public boolean isTtl() {
        return isTtl(owner());
    }

    /** The time to live in milliseconds; 0 when it has none. */
    public long ttlMs() {
        return ttlOf(owner());
    }

    static long ttlOf(long owner) {
        return isTtl(owner) ? owner & ~TTL_MARK : 0;
    }

    /** The owner to create a node with that has a time to live, from 1 to 2^40 - 1 milliseconds. */
    public static long ownerOfTtl(long ttlMs) {
        return TTL_MARK | ttlMs;
    }

    /** Null as long as no child was ever there. */
    @Nullable
    Children children() {
        return tree.store().children(handle);
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
        return children == null ? czxid() : children.pzxid;
    }

    /** What clients see as the number of changes to the list of children. */
    public int cversion() {
        return 2 * createCount() - childCount();
    }

    public Stat stat() {
        return tree.store().stat(handle, tree.store().extras(handle));
    }

    /** Whether it is a look at the same znode. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Znode znode && znode.handle == handle && znode.tree == tree;
    }

    @Override
    public int hashCode() {
        return handle;
    }

    @Override
    public String toString() {
        return path();
    }
}
