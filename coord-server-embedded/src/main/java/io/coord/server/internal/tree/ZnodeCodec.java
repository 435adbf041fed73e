package io.coord.server.internal.tree;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Znodes in a snapshot, one record behind the other: what a node has, its path or only its name, data, ACL, stat, slot. The
 * number of children is not in it: it follows from the other nodes. Lengths, slots and the like are in seven bits a byte,
 * the lowest first.
 */
public final class ZnodeCodec {
    /** Its parent is that of the node before in the same run of records: its name stands for its path. */
    static final int SIBLING = 1;

    static final int DATA = 2;
    static final int EXTRAS = 4;
    static final int CHILDREN = 8;
    private static final int ALL = 15;

    /**
     * That of the node before. Another one may have its handle by now, but the nodes below that are younger than the
     * snapshot.
     */
    private int parentBefore;

    /** The next record does not stand behind the last one: it needs its path. */
    public void startRun() {
        parentBefore = ZnodeStore.NONE;
    }

    /**
     * Appends the record of a node.
     *
     * @param aclIndex what stands for the node's ACL in this snapshot
     */
    public void encode(Znode node, int aclIndex, ByteBuf out) {
        ZnodeStore store = node.tree.store();
        int handle = node.handle;
        int parent = store.parent(handle);
        boolean sibling = parent != ZnodeStore.NONE && parent == parentBefore;
        parentBefore = parent;
        ZnodeExtras extras = store.extras(handle);
        byte @Nullable [] large = extras == null ? null : extras.largeData;
        @Nullable Children children = extras == null ? null : extras.children;
        int dataLength = large == null ? store.dataLength(handle) : large.length;
        boolean changed = extras != null || store.mzxid(handle) != store.czxid(handle) || store.version(handle) != 0;
        out.writeByte((sibling ? SIBLING : 0)
                | (dataLength < 0 ? 0 : DATA)
                | (changed ? EXTRAS : 0)
                | (children == null ? 0 : CHILDREN));
        @Nullable String path = sibling ? null : store.path(handle);
        writeInt(path == null ? store.nameLength(handle) : ByteBufUtil.utf8Bytes(path), out);
        if (dataLength >= 0) {
            writeInt(dataLength, out);
        }
        if (path == null) {
            out.writeBytes(store.bytes(handle), store.nameStart(handle), store.nameLength(handle));
        } else {
            ByteBufUtil.writeUtf8(out, path);
        }
        if (large != null) {
            out.writeBytes(large);
        } else if (dataLength > 0) {
            out.writeBytes(store.bytes(handle), store.dataStart(handle), dataLength);
        }
        writeInt(aclIndex, out);
        writeInt(store.slot(handle), out);
        out.writeLong(store.czxid(handle));
        out.writeLong(store.ctime(handle));
        if (changed) {
            out.writeLong(extras == null ? 0 : extras.owner);
            out.writeLong(store.mzxid(handle));
            out.writeLong(store.mtime(handle));
            out.writeInt(store.version(handle));
            out.writeInt(extras == null ? 0 : extras.aversion);
        }
        if (children != null) {
            out.writeInt(children.createCount);
            out.writeLong(children.pzxid);
        }
    }

    /** Turns the index of an ACL in the snapshot into its number in the tree, for one more user. */
    @FunctionalInterface
    interface AclUse {
        int use(int aclIndex);
    }

    /**
     * Reads the record behind its flags, its lengths and its parent's path.
     *
     * @param parent may be set later
     */
    static int decode(
            int flags, int nameLength, int dataLength, int parent, AclUse acls, ByteBuf in, ZnodeStore store) {
        boolean large = dataLength > ZnodeStore.LONGEST_DATA;
        if ((flags & ~ALL) != 0 || (large && (flags & EXTRAS) == 0)) {
            throw new IllegalStateException("snapshot with a znode of unknown kind " + flags);
        }
        int node = store.read(nameLength, large ? -1 : dataLength, in);
        byte @Nullable [] largeData = large ? new byte[dataLength] : null;
        if (largeData != null) {
            in.readBytes(largeData);
        }
        int acl = acls.use(readInt(in));
        int slot = readInt(in);
        store.fill(node, parent, acl, slot, in.readLong(), in.readLong());
        if ((flags & EXTRAS) != 0) {
            ZnodeExtras extras = new ZnodeExtras(in.readLong());
            long mzxid = in.readLong();
            long mtime = in.readLong();
            store.setChanged(node, in.readInt(), mzxid, mtime);
            extras.aversion = in.readInt();
            extras.largeData = largeData;
            if ((flags & CHILDREN) != 0) {
                int createCount = in.readInt();
                extras.children = new Children(in.readLong());
                extras.children.createCount = createCount;
            }
            if (!extras.isEmpty()) {
                store.setExtras(node, extras);
            }
        }
        return node;
    }

    static void writeInt(int value, ByteBuf out) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            out.writeByte(rest | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }

    static int readInt(ByteBuf in) {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            byte next = in.readByte();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("a number of a snapshot has no end");
    }
}
