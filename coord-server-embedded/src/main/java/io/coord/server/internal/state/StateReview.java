package io.coord.server.internal.state;

import io.coord.server.internal.session.Session;
import io.coord.server.internal.session.SessionTable;
import io.coord.server.internal.tree.TreeDigest;
import io.coord.server.internal.tree.TreeReview;
import io.coord.server.internal.tree.ZnodeTree;
import java.util.Arrays;

/**
 * A digest of everything that is replicated, at one moment, for operators who compare servers: put together a little at a time,
 * so that a large state holds up nobody.
 */
public final class StateReview {
    private final TreeReview nodes;
    private final long zxid;
    private long rest;

    StateReview(ZnodeTree tree, SessionTable sessions, long members, long zxid, long timeMs) {
        this.nodes = new TreeReview(tree);
        this.zxid = zxid;
        for (Session each : sessions.all()) {
            add(each.id());
            add(each.timeoutMs());
            add(each.attachment());
            add(Arrays.hashCode(each.password()));
        }
        add(sessions.nextId());
        if (members != 0) {
            add(members);
        }
        add(zxid);
        add(timeMs);
    }

    private void add(long value) {
        rest = TreeDigest.mix(rest, value);
    }

    /**
     * Looks at some more znodes.
     *
     * @return whether there are others
     */
    public boolean next(int znodes) {
        return nodes.next(znodes);
    }

    /** Of which moment it is. */
    public long zxid() {
        return zxid;
    }

    /** Once there are no more znodes. */
    public long digest() {
        return TreeDigest.mix(nodes.digest(), rest);
    }

    /** To be called when it is given up; harmless when it is over. */
    public void end() {
        nodes.end();
    }
}
