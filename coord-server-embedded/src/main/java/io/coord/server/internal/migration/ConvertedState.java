package io.coord.server.internal.migration;

import io.coord.protocol.data.ZnodePath;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.session.SessionTable;
import io.coord.server.internal.state.StateRecords;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeRecord;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An imported state as the records of a snapshot of Coord, parents first, children in the order of their creation. */
final class ConvertedState {
    /** With this and the id ZooKeeper's servers make a session's password. */
    private static final long PASSWORD_SALT = 0xB3415C00L;

    private static final int CHUNK_BYTES = 128 << 10;

    private final ImportedState state;
    /** All that the root leads to, parents before their children and those in order. */
    private final List<Placed> nodes;

    private final long nextSessionId;
    private int ephemerals;
    private int containers;
    private int withTimeToLive;
    private long dataBytes;
    private final Set<Object> accessLists = new HashSet<>();

    private record Placed(String path, ImportedNode node, int slot) {}

    private ConvertedState(ImportedState state, List<Placed> nodes) {
        this.state = state;
        this.nodes = nodes;
        this.nextSessionId = Math.max(new SessionTable().nextId(), state.highestSessionId() + 1);
    }

    /**
     * @param dropped gets a line for each thing that has no place in a tree
     * @throws ImportRefusedException when the state is not one that ZooKeeper could have had
     */
    static ConvertedState of(ImportedState state, List<String> dropped) throws ImportRefusedException {
        List<Placed> placed = new ArrayList<>();
        Deque<Placed> next = new ArrayDeque<>();
        @Nullable ImportedNode root = state.get(ZnodePath.ROOT);
        if (root == null) {
            throw new ImportRefusedException("There is no root");
        }
        next.add(new Placed(ZnodePath.ROOT, root, 0));
        while (!next.isEmpty()) {
            Placed parent = next.remove();
            placed.add(parent);
            next.addAll(childrenOf(parent, state));
        }
        if (placed.size() < state.nodeCount()) {
            dropped.add((state.nodeCount() - placed.size())
                    + " znodes below one that was deleted while a snapshot was taken; no client could reach them");
        }
        ConvertedState converted = new ConvertedState(state, placed);
        for (Placed each : placed) {
            converted.count(each);
        }
        return converted;
    }

    private static List<Placed> childrenOf(Placed parent, ImportedState state) throws ImportRefusedException {
        record Named(String path, ImportedNode node) {}
        List<Named> children = new ArrayList<>();
        for (String name : parent.node.children()) {
            String path = ImportedState.childOf(parent.path, name);
            @Nullable ImportedNode node = state.get(path);
            if (node == null || !ZnodePath.isValid(path)) {
                throw new ImportRefusedException("The znode " + path + " is named by its parent, and "
                        + (node == null ? "is not there" : "its path is not valid"));
            }
            children.add(new Named(path, node));
        }
        children.sort(Comparator.comparingLong((Named each) -> each.node.czxid).thenComparing(Named::path));
        List<Placed> placed = new ArrayList<>(children.size());
        for (Named each : children) {
            placed.add(new Placed(each.path, each.node, placed.size()));
        }
        return placed;
    }

    private void count(Placed each) throws ImportRefusedException {
        ImportedNode node = each.node;
        if (node.acl == ImportedState.MISSING_ACL) {
            throw new ImportRefusedException(
                    "The ACL of " + each.path + " is neither in the snapshot nor in a transaction behind it");
        }
        accessLists.add(node.acl);
        dataBytes += node.dataLength();
        switch (Owner.of(node.owner)) {
            case SESSION, PERHAPS_TTL_OF_353 -> ephemerals++;
            case CONTAINER -> containers++;
            case TTL -> withTimeToLive++;
            case NOBODY -> {}
        }
    }

    int znodes() {
        return nodes.size();
    }

    int ephemerals() {
        return ephemerals;
    }

    int containers() {
        return containers;
    }

    int withTimeToLive() {
        return withTimeToLive;
    }

    int accessLists() {
        return accessLists.size();
    }

    long dataBytes() {
        return dataBytes;
    }

    long lastZxid() {
        return state.lastZxid();
    }

    List<Session> sessions() {
        List<Session> sessions = new ArrayList<>();
        for (Map.Entry<Long, Integer> each : state.sessions().entrySet()) {
            sessions.add(new Session(each.getKey(), each.getValue(), passwordOf(each.getKey()), 1));
        }
        return sessions;
    }

    /** The one that its client was given: ZooKeeper does not store it, it computes it anew. */
    static byte[] passwordOf(long sessionId) {
        byte[] password = new byte[Session.PASSWORD_BYTES];
        new Random(sessionId ^ PASSWORD_SALT).nextBytes(password);
        return password;
    }

    /** Takes what is in the buffer, and empties it. */
    @FunctionalInterface
    interface ChunkSink {
        void write(ByteBuf chunk) throws IOException;
    }

    /** @param nowMs wall-clock milliseconds; time does not begin later, whatever clock the old servers had */
    void writeTo(ChunkSink sink, ByteBuf buffer, long nowMs) throws IOException {
        StateRecords records = new StateRecords();
        records.begin(state.lastZxid(), Math.min(nowMs, state.lastTimeMs()), nextSessionId, buffer);
        for (Session each : sessions()) {
            records.session(each, buffer);
            flush(buffer, CHUNK_BYTES, sink);
        }
        for (Placed each : nodes) {
            int acl = records.acl(each.node.acl, buffer);
            records.znode(record(each, acl), buffer);
            flush(buffer, CHUNK_BYTES, sink);
        }
        records.end(buffer);
        flush(buffer, 0, sink);
    }

    private static void flush(ByteBuf buffer, int beyond, ChunkSink sink) throws IOException {
        if (buffer.readableBytes() > beyond) {
            sink.write(buffer);
            buffer.clear();
        }
    }

    private static ZnodeRecord record(Placed each, int acl) {
        ImportedNode node = each.node;
        boolean hadChildren = node.cversion != 0
                || node.pzxid != node.czxid
                || !node.children().isEmpty();
        return new ZnodeRecord(
                each.path,
                node.data,
                acl,
                each.slot,
                node.czxid,
                node.ctime,
                node.owner,
                node.mzxid,
                node.mtime,
                node.version,
                node.aversion,
                hadChildren,
                node.cversion,
                node.pzxid);
    }

    /**
     * The first znode that a tree does not have as it is here, with the difference; null when there is none.
     *
     * @param find in the tree
     */
    @Nullable
    String difference(java.util.function.Function<String, @Nullable Znode> find) {
        for (Placed each : nodes) {
            @Nullable Znode found = find.apply(each.path);
            if (found == null) {
                return each.path + " is missing";
            }
            ImportedNode node = each.node;
            boolean same = found.czxid() == node.czxid
                    && found.mzxid() == node.mzxid
                    && found.ctime() == node.ctime
                    && found.mtime() == node.mtime
                    && found.pzxid() == node.pzxid
                    && found.version() == node.version
                    && found.createCount() == node.cversion
                    && found.aversion() == node.aversion
                    && found.childCount() == node.children().size()
                    && found.acl().entries().equals(node.acl)
                    && java.util.Arrays.equals(found.data(), node.data);
            if (!same) {
                return each.path + " reads back as " + found.stat();
            }
        }
        return null;
    }
}
