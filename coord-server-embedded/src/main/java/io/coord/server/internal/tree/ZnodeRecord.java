package io.coord.server.internal.tree;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot says of one znode, outside any tree: for those who read a snapshot without restoring it, or write one of a
 * state that was never in a {@link ZnodeTree}. The same bytes as {@link ZnodeCodec}'s.
 *
 * @param data null when a client wrote null
 * @param acl what stands for the ACL in this snapshot
 * @param slot orders the children of one parent
 * @param owner a session's id, {@link Znode#CONTAINER}, {@link Znode#ownerOfTtl}, or 0
 * @param hadChildren whether a child was ever there; if not, the two that follow are 0 and {@code czxid}
 * @param createCount how many children were ever created
 */
public record ZnodeRecord(
        String path,
        byte @Nullable [] data,
        int acl,
        int slot,
        long czxid,
        long ctime,
        long owner,
        long mzxid,
        long mtime,
        int version,
        int aversion,
        boolean hadChildren,
        int createCount,
        long pzxid) {

    /** Whether the znode dies with the session that is its {@link #owner}. */
    public boolean isEphemeral() {
        return Znode.isSession(owner);
    }

    public boolean isContainer() {
        return owner == Znode.CONTAINER;
    }

    /** Its time to live in milliseconds; 0 when it has none. */
    public long ttlMs() {
        return Znode.ttlOf(owner);
    }

    /** Appends the record, with its whole path. */
    public void encode(ByteBuf out) {
        boolean changed = owner != 0
                || aversion != 0
                || hadChildren
                || mzxid != czxid
                || mtime != ctime
                || version != 0
                || ZnodeTree.isLarge(data);
        out.writeByte((data == null ? 0 : ZnodeCodec.DATA)
                | (changed ? ZnodeCodec.EXTRAS : 0)
                | (hadChildren ? ZnodeCodec.CHILDREN : 0));
        ZnodeCodec.writeInt(ByteBufUtil.utf8Bytes(path), out);
        if (data != null) {
            ZnodeCodec.writeInt(data.length, out);
        }
        ByteBufUtil.writeUtf8(out, path);
        if (data != null) {
            out.writeBytes(data);
        }
        ZnodeCodec.writeInt(acl, out);
        ZnodeCodec.writeInt(slot, out);
        out.writeLong(czxid);
        out.writeLong(ctime);
        if (changed) {
            out.writeLong(owner);
            out.writeLong(mzxid);
            out.writeLong(mtime);
            out.writeInt(version);
            out.writeInt(aversion);
        }
        if (hadChildren) {
            out.writeInt(createCount);
            out.writeLong(pzxid);
        }
    }

    /** Reads records one behind the other, in the order in which they were written. */
    public static final class Reader {
        /** Up to and with its last slash; null when the next record must bring its path. */
        private @Nullable String parentPath;

        /** What comes next does not stand behind the last record: it brings its path. */
        public void startRun() {
            parentPath = null;
        }

        /** @throws IllegalStateException when this is not a record that {@link ZnodeCodec} writes */
        public ZnodeRecord read(ByteBuf in) {
            int flags = in.readByte();
            int nameLength = ZnodeCodec.readInt(in);
            int dataLength = (flags & ZnodeCodec.DATA) == 0 ? -1 : ZnodeCodec.readInt(in);
            String name =
                    in.readCharSequence(nameLength, StandardCharsets.UTF_8).toString();
            String path = (flags & ZnodeCodec.SIBLING) == 0 ? name : requireParent() + name;
            parentPath = path.substring(0, path.lastIndexOf('/') + 1);
            byte @Nullable [] data = null;
            if (dataLength >= 0) {
                data = new byte[dataLength];
                in.readBytes(data);
            }
            int acl = ZnodeCodec.readInt(in);
            int slot = ZnodeCodec.readInt(in);
            long czxid = in.readLong();
            long ctime = in.readLong();
            boolean changed = (flags & ZnodeCodec.EXTRAS) != 0;
            long owner = changed ? in.readLong() : 0;
            long mzxid = changed ? in.readLong() : czxid;
            long mtime = changed ? in.readLong() : ctime;
            int version = changed ? in.readInt() : 0;
            int aversion = changed ? in.readInt() : 0;
            boolean hadChildren = changed && (flags & ZnodeCodec.CHILDREN) != 0;
            int createCount = hadChildren ? in.readInt() : 0;
            long pzxid = hadChildren ? in.readLong() : czxid;
            return new ZnodeRecord(
                    path,
                    data,
                    acl,
                    slot,
                    czxid,
                    ctime,
                    owner,
                    mzxid,
                    mtime,
                    version,
                    aversion,
                    hadChildren,
                    createCount,
                    pzxid);
        }

        private String requireParent() {
            if (parentPath == null) {
                throw new IllegalStateException("snapshot with a znode beside none");
            }
            return parentPath;
        }
    }
}
