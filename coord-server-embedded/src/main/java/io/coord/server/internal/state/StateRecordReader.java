package io.coord.server.internal.state;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.tree.ZnodeRecord;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Reads a snapshot's records without restoring a state: chunk by chunk, each understandable without the ones before, but for
 * the numbers of ACLs. Not thread-safe.
 */
public final class StateRecordReader {
    /** Is told of each record. */
    public interface Visitor {
        /**
         * @param zxid of the last transaction
         * @param timeMs of the last transaction, wall-clock milliseconds
         */
        void onHeader(int format, long zxid, long timeMs, long nextSessionId);

        void onSession(Session session);

        /** The ACL that the next number, counted from 0, stands for. */
        void onAcl(List<Acl> entries);

        void onZnode(ZnodeRecord node);

        /** Who belongs to the ensemble; not there for a single server. */
        default void onMembers(EnsembleMembers.View members) {}

        void onEnd(int nodes, int sessions);
    }

    private final Visitor visitor;
    private final ZnodeRecord.Reader nodes = new ZnodeRecord.Reader();

    public StateRecordReader(Visitor visitor) {
        this.visitor = visitor;
    }

    /** @throws RuntimeException when the chunk is not what this version of the program writes */
    public void readChunk(ByteBuf chunk) {
        nodes.startRun();
        while (chunk.isReadable()) {
            byte kind = chunk.readByte();
            switch (kind) {
                case StateSnapshot.HEADER -> readHeader(chunk);
                case StateSnapshot.SESSION -> visitor.onSession(StateRestore.readSession(chunk));
                case StateSnapshot.ACL -> visitor.onAcl(StateRestore.readAcl(chunk));
                case StateSnapshot.NODE -> visitor.onZnode(nodes.read(chunk));
                case StateSnapshot.MEMBERS -> visitor.onMembers(MemberTable.read(chunk));
                case StateSnapshot.END -> visitor.onEnd(chunk.readInt(), chunk.readInt());
                default -> throw new IllegalStateException("snapshot record of unknown kind " + kind);
            }
        }
    }

    private void readHeader(ByteBuf chunk) {
        int format = chunk.readInt();
        if (format != StateSnapshot.FORMAT) {
            throw new IllegalStateException(
                    "snapshot of format " + format + ", this version reads " + StateSnapshot.FORMAT);
        }
        visitor.onHeader(format, chunk.readLong(), chunk.readLong(), chunk.readLong());
    }
}
