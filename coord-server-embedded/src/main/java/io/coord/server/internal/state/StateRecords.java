package io.coord.server.internal.state;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.tree.ZnodeRecord;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the records of a snapshot for a state that was never in this program: what {@link StateSnapshot} writes of its own.
 * {@link #begin}, the sessions, the znodes, {@link #end}; the root is among the znodes. Records may be cut into chunks
 * between any two calls. Not thread-safe.
 */
public final class StateRecords {
    private final Map<List<Acl>, Integer> aclIndexes = new HashMap<>();
    private int nodes;
    private int sessions;

    /**
     * @param zxid of the last transaction
     * @param timeMs of the last transaction, wall-clock milliseconds
     * @param nextSessionId which no session has had
     */
    public void begin(long zxid, long timeMs, long nextSessionId, ByteBuf out) {
        StateSnapshot.writeHeader(zxid, timeMs, nextSessionId, out);
    }

    public void session(Session session, ByteBuf out) {
        StateSnapshot.writeSession(session, out);
        sessions++;
    }

    /** What stands for an ACL in a {@link ZnodeRecord}; written when it is new. */
    public int acl(List<Acl> entries, ByteBuf out) {
        Integer known = aclIndexes.get(entries);
        if (known != null) {
            return known;
        }
        int index = aclIndexes.size();
        aclIndexes.put(List.copyOf(entries), index);
        StateSnapshot.writeAcl(entries, out);
        return index;
    }

    public void znode(ZnodeRecord node, ByteBuf out) {
        out.writeByte(StateSnapshot.NODE);
        node.encode(out);
        nodes++;
    }

    public void end(ByteBuf out) {
        StateSnapshot.writeEnd(nodes, sessions, out);
    }
}
