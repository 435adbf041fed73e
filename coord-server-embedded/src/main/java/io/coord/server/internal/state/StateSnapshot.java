package io.coord.server.internal.state;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.auth.AccessList;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.ReplicatedState.SnapshotCut;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.session.SessionTable;
import io.coord.server.internal.tree.TreeCut;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeCodec;
import io.coord.server.internal.tree.ZnodeTree;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The state as it was at one moment, as records in chunks: a header, the sessions, the znodes with each ACL before its first
 * user, an end with the counts. A record never spans two chunks. The layout is {@link #FORMAT}; {@link StateRestore} reads
 * it.
 */
final class StateSnapshot implements SnapshotCut {
    static final int FORMAT = 2;

    static final byte HEADER = 1;
    static final byte SESSION = 2;
    static final byte ACL = 3;
    static final byte NODE = 4;
    static final byte END = 5;
    /** There when the server belongs to an ensemble. */
    static final byte MEMBERS = 6;

    private static final int CHUNK_BYTES = 128 * 1024;
    /** A chunk with so many nodes that changed early has no others. */
    private static final int EARLY_BYTES = 4 * CHUNK_BYTES;

    private final long zxid;
    private final long timeMs;
    private final long nextSessionId;
    private final List<Session> sessions;
    private final EnsembleMembers.View members;
    private final TreeCut cut;
    private final int nodeCount;
    private final IdentityHashMap<AccessList, Integer> aclIndexes = new IdentityHashMap<>();
    /** Nodes that changed before their turn came, as they were; written before any other. */
    private final Deque<ByteBuf> early = new ArrayDeque<>();

    private final ZnodeCodec earlyRecords = new ZnodeCodec();
    private final ZnodeCodec records = new ZnodeCodec();

    private boolean headerWritten;
    private int nextSession;
    private boolean ended;

    StateSnapshot(ZnodeTree tree, SessionTable sessions, EnsembleMembers.View members, long zxid, long timeMs) {
        this.zxid = zxid;
        this.timeMs = timeMs;
        this.nextSessionId = sessions.nextId();
        this.sessions = sessions.all();
        this.members = members;
        this.cut = tree.beginCut(this::saveEarly);
        this.nodeCount = cut.size();
    }

    @Override
    public boolean writeNext(ByteBuf chunk) {
        if (ended) {
            throw new IllegalStateException("the snapshot has ended");
        }
        int start = chunk.writerIndex();
        if (!headerWritten) {
            headerWritten = true;
            writeHeader(zxid, timeMs, nextSessionId, chunk);
            MemberTable.write(members, chunk);
        }
        while (nextSession < sessions.size()) {
            if (chunk.writerIndex() - start >= CHUNK_BYTES) {
                return true;
            }
            writeSession(sessions.get(nextSession++), chunk);
        }
        // All of them before any other node: an ACL stands before its first user.
        for (ByteBuf saved = early.poll(); saved != null; saved = early.poll()) {
            chunk.writeBytes(saved);
            if (chunk.writerIndex() - start >= EARLY_BYTES) {
                return true;
            }
        }
        // Some others each time, or a state that changes fast would be changed wholly before it is saved.
        return writeNodes(chunk, Math.max(start + CHUNK_BYTES, chunk.writerIndex() + CHUNK_BYTES / 2));
    }

    @Override
    public void abandon() {
        ended = true;
        early.clear();
        cut.end();
    }

    private boolean writeNodes(ByteBuf chunk, int end) {
        records.startRun();
        while (chunk.writerIndex() < end) {
            Znode node = cut.next();
            if (node == null) {
                writeEnd(nodeCount, sessions.size(), chunk);
                abandon();
                return false;
            }
            writeNode(node, records, chunk);
        }
        return true;
    }

    private void saveEarly(Znode node) {
        ByteBuf last = early.peekLast();
        if (last == null || last.readableBytes() >= CHUNK_BYTES) {
            last = Unpooled.buffer(4096);
            early.add(last);
            earlyRecords.startRun();
        }
        writeNode(node, earlyRecords, last);
    }

    private void writeNode(Znode node, ZnodeCodec codec, ByteBuf out) {
        Integer aclIndex = aclIndexes.get(node.acl());
        if (aclIndex == null) {
            aclIndex = aclIndexes.size();
            aclIndexes.put(node.acl(), aclIndex);
            writeAcl(node.acl().entries(), out);
        }
        out.writeByte(NODE);
        codec.encode(node, aclIndex, out);
    }

    static void writeHeader(long zxid, long timeMs, long nextSessionId, ByteBuf out) {
        out.writeByte(HEADER).writeInt(FORMAT);
        out.writeLong(zxid).writeLong(timeMs).writeLong(nextSessionId);
    }

    static void writeEnd(int nodes, int sessions, ByteBuf out) {
        out.writeByte(END).writeInt(nodes).writeInt(sessions);
    }

    static void writeAcl(List<Acl> entries, ByteBuf out) {
        out.writeByte(ACL).writeInt(entries.size());
        for (Acl each : entries) {
            out.writeInt(each.perms());
            writeString(each.id().scheme(), out);
            writeString(each.id().id(), out);
        }
    }

    static void writeSession(Session session, ByteBuf out) {
        out.writeByte(SESSION).writeLong(session.id());
        out.writeInt(session.timeoutMs()).writeInt(session.attachment());
        out.writeInt(session.password().length).writeBytes(session.password());
    }

    static void writeString(String text, ByteBuf out) {
        int lengthIndex = out.writerIndex();
        out.writeInt(0);
        out.setInt(lengthIndex, ByteBufUtil.writeUtf8(out, text));
    }
}
