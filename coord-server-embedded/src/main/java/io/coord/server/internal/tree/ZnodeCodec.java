package io.coord.server.internal.tree;

import io.coord.server.internal.auth.AccessList;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One znode in a snapshot. The number of children is not in it: it follows from the other nodes. */
public final class ZnodeCodec {
    private ZnodeCodec() {}

    /** @param aclIndex what stands for the node's ACL in this snapshot */
    public static void encode(Znode node, int aclIndex, ByteBuf out) {
        int lengthIndex = out.writerIndex();
        out.writeInt(0);
        out.setInt(lengthIndex, ByteBufUtil.writeUtf8(out, node.path));
        byte @Nullable [] data = node.data;
        if (data == null) {
            out.writeInt(-1);
        } else {
            out.writeInt(data.length);
            out.writeBytes(data);
        }
        out.writeInt(aclIndex);
        out.writeLong(node.owner);
        out.writeLong(node.czxid);
        out.writeLong(node.mzxid);
        out.writeLong(node.ctime);
        out.writeLong(node.mtime);
        out.writeInt(node.version);
        out.writeInt(node.aversion);
        out.writeInt(node.slot);
        Children children = node.children;
        out.writeBoolean(children != null);
        if (children != null) {
            out.writeInt(children.createCount);
            out.writeLong(children.pzxid);
        }
    }

    static Znode decode(ByteBuf in, AccessListLookup accessLists) {
        int pathLength = in.readInt();
        String path = in.readCharSequence(pathLength, StandardCharsets.UTF_8).toString();
        int dataLength = in.readInt();
        byte @Nullable [] data = dataLength < 0 ? null : new byte[dataLength];
        if (data != null) {
            in.readBytes(data);
        }
        AccessList acl = accessLists.get(in.readInt());
        long owner = in.readLong();
        long czxid = in.readLong();
        long mzxid = in.readLong();
        long ctime = in.readLong();
        Znode node = new Znode(path, data, acl, owner, czxid, ctime);
        node.mzxid = mzxid;
        node.mtime = in.readLong();
        node.version = in.readInt();
        node.aversion = in.readInt();
        node.slot = in.readInt();
        if (in.readBoolean()) {
            int createCount = in.readInt();
            Children children = new Children(in.readLong());
            children.createCount = createCount;
            node.children = children;
        }
        return node;
    }

    /** From the number in a snapshot to the ACL that it stands for. */
    @FunctionalInterface
    interface AccessListLookup {
        AccessList get(int aclIndex);
    }
}
