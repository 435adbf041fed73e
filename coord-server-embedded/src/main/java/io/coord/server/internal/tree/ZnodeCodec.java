package io.coord.server.internal.tree;

import io.coord.server.internal.auth.AccessList;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One znode in a snapshot: what it has, its path or only its name, data, ACL, stat, slot. The number of children is not in
 * it: it follows from the other nodes. Lengths, slots and the like are in seven bits a byte, the lowest first.
 */
public final class ZnodeCodec {
    /** Its parent is that of the node before in the same run of records: its name stands for its path. */
    static final int SIBLING = 1;

    static final int DATA = 2;
    static final int EXTRAS = 4;
    static final int CHILDREN = 8;
    static final int ALL = 15;

    private ZnodeCodec() {}

    /**
     * Appends the record of a node.
     *
     * @param before the node of the record before it, null for the first of a run
     * @param aclIndex what stands for the node's ACL in this snapshot
     */
    public static void encode(Znode node, @Nullable Znode before, int aclIndex, ByteBuf out) {
        boolean sibling = before != null && before.parent == node.parent;
        ZnodeExtras extras = node.extras;
        Children children = node.children();
        byte @Nullable [] large = extras == null ? null : extras.largeData;
        boolean hasData = large != null || ZnodeBytes.hasData(node.bytes);
        out.writeByte((sibling ? SIBLING : 0)
                | (hasData ? DATA : 0)
                | (extras == null ? 0 : EXTRAS)
                | (children == null ? 0 : CHILDREN));
        @Nullable String path = sibling ? null : node.path();
        int nameLength = ZnodeBytes.nameLength(node.bytes);
        writeInt(path == null ? nameLength : ByteBufUtil.utf8Bytes(path), out);
        byte[] data = large == null ? node.bytes : large;
        int dataStart = large == null ? ZnodeBytes.dataStart(data) : 0;
        if (hasData) {
            writeInt(data.length - dataStart, out);
        }
        if (path == null) {
            out.writeBytes(node.bytes, ZnodeBytes.nameStart(node.bytes), nameLength);
        } else {
            ByteBufUtil.writeUtf8(out, path);
        }
        out.writeBytes(data, dataStart, data.length - dataStart);
        writeInt(aclIndex, out);
        writeInt(node.slot, out);
        out.writeLong(node.czxid);
        out.writeLong(node.ctime);
        if (extras != null) {
            out.writeLong(extras.owner);
            out.writeLong(extras.mzxid);
            out.writeLong(extras.mtime);
            out.writeInt(extras.version);
            out.writeInt(extras.aversion);
        }
        if (children != null) {
            out.writeInt(children.createCount);
            out.writeLong(children.pzxid);
        }
    }

    /**
     * Reads the record behind its flags, its lengths and its parent's path.
     *
     * @param hashing what {@link PathTable#hashing} makes of the start of the path, up to the name
     * @return a node without its parent
     */
    static Znode decode(
            int flags, int nameLength, int dataLength, long hashing, IntFunction<AccessList> accessLists, ByteBuf in) {
        boolean large = dataLength > ZnodeBytes.LONGEST_DATA;
        if ((flags & ~ALL) != 0 || (large && (flags & EXTRAS) == 0)) {
            throw new IllegalStateException("snapshot with a znode of unknown kind " + flags);
        }
        byte[] bytes = ZnodeBytes.read(nameLength, large ? -1 : dataLength, in);
        byte @Nullable [] largeData = large ? new byte[dataLength] : null;
        if (largeData != null) {
            in.readBytes(largeData);
        }
        AccessList acl = accessLists.apply(readInt(in));
        int slot = readInt(in);
        int hash = PathTable.finish(PathTable.hashing(hashing, bytes));
        Znode node = new Znode(null, hash, bytes, acl, in.readLong(), in.readLong());
        node.slot = slot;
        if ((flags & EXTRAS) != 0) {
            ZnodeExtras extras = new ZnodeExtras(in.readLong(), in.readLong(), in.readLong());
            extras.version = in.readInt();
            extras.aversion = in.readInt();
            extras.largeData = largeData;
            node.extras = extras;
        }
        if ((flags & CHILDREN) != 0) {
            int createCount = in.readInt();
            Children children = new Children(in.readLong());
            children.createCount = createCount;
            node.needExtras().children = children;
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
