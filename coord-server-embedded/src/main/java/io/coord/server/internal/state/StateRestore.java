package io.coord.server.internal.state;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.session.SessionTable;
import io.coord.server.internal.tree.TreeRestore;
import io.coord.server.internal.tree.ZnodeTree;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link StateSnapshot} wrote, chunk by chunk. The chunks' integrity was checked by whoever stored them. */
public final class StateRestore {
    private final TreeRestore tree;
    private final SessionTable sessions = new SessionTable();
    private EnsembleMembers.View members = EnsembleMembers.View.NONE;
    private long lastZxid;
    private long lastTimeMs;
    private int nodeCount;
    private boolean begun;
    private boolean ended;

    StateRestore(long hashKey) {
        this.tree = new TreeRestore(hashKey);
    }

    /** @throws IllegalStateException when the chunk is not what this version of the program writes */
    public void readChunk(ByteBuf chunk) {
        while (chunk.isReadable()) {
            byte kind = chunk.readByte();
            if (ended || begun == (kind == StateSnapshot.HEADER)) {
                throw new IllegalStateException("snapshot record of kind " + kind + " in a wrong place");
            }
            readRecord(kind, chunk);
        }
    }

    private void readRecord(byte kind, ByteBuf chunk) {
        switch (kind) {
            case StateSnapshot.HEADER -> readHeader(chunk);
            case StateSnapshot.SESSION -> sessions.restore(readSession(chunk));
            case StateSnapshot.ACL -> tree.addAcl(readAcl(chunk));
            case StateSnapshot.NODE -> {
                tree.addNode(chunk);
                nodeCount++;
            }
            case StateSnapshot.MEMBERS -> members = MemberTable.read(chunk);
            case StateSnapshot.END -> readEnd(chunk);
            default -> throw new IllegalStateException("snapshot record of unknown kind " + kind);
        }
    }

    private void readHeader(ByteBuf chunk) {
        int format = chunk.readInt();
        if (format != StateSnapshot.FORMAT) {
            throw new IllegalStateException(
                    "snapshot of format " + format + ", this version reads " + StateSnapshot.FORMAT);
        }
        begun = true;
        lastZxid = chunk.readLong();
        lastTimeMs = chunk.readLong();
        sessions.restoreNextId(chunk.readLong());
    }

    static Session readSession(ByteBuf chunk) {
        long id = chunk.readLong();
        int timeoutMs = chunk.readInt();
        int attachment = chunk.readInt();
        byte[] password = new byte[chunk.readInt()];
        chunk.readBytes(password);
        return new Session(id, timeoutMs, password, attachment);
    }

    private void readEnd(ByteBuf chunk) {
        int nodes = chunk.readInt();
        int sessionCount = chunk.readInt();
        if (nodes != nodeCount || sessionCount != sessions.size()) {
            throw new IllegalStateException("snapshot with " + nodeCount + " of " + nodes + " znodes and "
                    + sessions.size() + " of " + sessionCount + " sessions");
        }
        ended = true;
    }

    static List<Acl> readAcl(ByteBuf chunk) {
        int count = chunk.readInt();
        List<Acl> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int perms = chunk.readInt();
            String scheme = readString(chunk);
            entries.add(new Acl(perms, new Id(scheme, readString(chunk))));
        }
        return entries;
    }

    static String readString(ByteBuf chunk) {
        int length = chunk.readInt();
        return chunk.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }

    ZnodeTree finishTree() {
        if (!ended) {
            throw new IllegalStateException("snapshot without its end");
        }
        return tree.finish();
    }

    EnsembleMembers.View members() {
        return members;
    }

    SessionTable sessions() {
        return sessions;
    }

    long lastZxid() {
        return lastZxid;
    }

    long lastTimeMs() {
        return lastTimeMs;
    }
}
