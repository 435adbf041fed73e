package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Stat;
import io.coord.protocol.request.Request;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.CommandCodec;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import io.coord.server.internal.tree.TreeChange;
import io.coord.server.internal.tree.Znode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one order of all commits, as the servers apply them, with what each znode was at each zxid. It has a state machine of
 * its own that never crashes and never sees a snapshot.
 */
public final class History {
    /** A znode at one moment; without a stat it is not there. */
    public record Node(@Nullable Stat stat, byte @Nullable [] data, List<String> children) {
        static final Node ABSENT = new Node(null, null, List.of());

        public boolean exists() {
            return stat != null;
        }
    }

    /** What watchers are told of. */
    public record Change(long zxid, EventType type, String path) {}

    /** A write that was applied. */
    public record Write(long position, long zxid, Command.Write command, Effects effects) {}

    private final CommandCodec codec = new CommandCodec();
    private final CoordStateMachine reference = new CoordStateMachine(1);
    private final List<byte[]> commands = new ArrayList<>();
    private final List<Long> zxids = new ArrayList<>();
    private final Map<Long, Long> digests = new HashMap<>();
    private final Map<String, TreeMap<Long, Node>> nodes = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final Map<String, List<Change>> changesByPath = new HashMap<>();
    private final Map<ByteBuffer, List<Write>> writes = new HashMap<>();

    /** The last position that any server has applied; the first is 1. */
    public long lastPosition() {
        return commands.size();
    }

    public long lastZxid() {
        return reference.lastZxid();
    }

    public long zxidAt(long position) {
        return position == 0 ? 0 : zxids.get((int) position - 1);
    }

    public byte[] commandAt(long position) {
        return commands.get((int) position - 1);
    }

    public CoordStateMachine reference() {
        return reference;
    }

    public byte[] encode(Command command) {
        ByteBuf out = Unpooled.buffer(128);
        codec.encode(command, out);
        return Arrays.copyOf(out.array(), out.writerIndex());
    }

    /** Applies the next position. */
    Commit append(byte[] bytes) {
        Command command = codec.decode(Unpooled.wrappedBuffer(bytes));
        Effects effects = reference.apply(command);
        commands.add(bytes);
        zxids.add(reference.lastZxid());
        for (TreeChange each : effects.changes()) {
            note(new Change(effects.zxid(), each.type(), each.path()));
            remember(each.path(), effects.zxid());
            if (each.parentPath() != null) {
                note(new Change(effects.zxid(), EventType.NODE_CHILDREN_CHANGED, each.parentPath()));
                remember(each.parentPath(), effects.zxid());
            }
        }
        if (command instanceof Command.Write write) {
            writes.computeIfAbsent(key(write.request()), any -> new ArrayList<>(1))
                    .add(new Write(commands.size(), effects.zxid(), write, effects));
        }
        return new Commit(commands.size(), command, effects);
    }

    private void note(Change change) {
        changes.add(change);
        changesByPath.computeIfAbsent(change.path(), any -> new ArrayList<>()).add(change);
    }

    private void remember(String path, long zxid) {
        Znode node = reference.tree().get(path);
        Node now = node == null
                ? Node.ABSENT
                : new Node(
                        node.stat(), node.data(), List.copyOf(reference.tree().childNames(node)));
        nodes.computeIfAbsent(path, any -> new TreeMap<>()).put(zxid, now);
    }

    /** What a znode was when this was the last zxid. Only of paths that clients have made. */
    public Node at(String path, long zxid) {
        TreeMap<Long, Node> past = nodes.get(path);
        Map.Entry<Long, Node> then = past == null ? null : past.floorEntry(zxid);
        return then == null ? Node.ABSENT : then.getValue();
    }

    /** What a znode is now. */
    public Node now(String path) {
        return at(path, Long.MAX_VALUE);
    }

    /** All that a znode has been from a zxid on until now. */
    public List<Node> since(String path, long zxid) {
        List<Node> states = new ArrayList<>();
        states.add(at(path, zxid));
        TreeMap<Long, Node> past = nodes.get(path);
        if (past != null) {
            states.addAll(past.tailMap(zxid, false).values());
        }
        return states;
    }

    /** All changes so far, in the order in which watchers are told. */
    public List<Change> changes() {
        return Collections.unmodifiableList(changes);
    }

    /** The first change of a path behind a zxid that fires such a watch. */
    public @Nullable Change firstChange(String path, long behindZxid, boolean ofChildren) {
        List<Change> past = changesByPath.getOrDefault(path, List.of());
        for (int i = firstBehind(past, behindZxid); i < past.size(); i++) {
            Change each = past.get(i);
            boolean children = each.type() == EventType.NODE_CHILDREN_CHANGED;
            if (children == ofChildren || (ofChildren && each.type() == EventType.NODE_DELETED)) {
                return each;
            }
        }
        return null;
    }

    private static int firstBehind(List<Change> past, long zxid) {
        int low = 0;
        int high = past.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (past.get(middle).zxid() <= zxid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The digest of everything at the last position. */
    long referenceDigest() {
        return digests.computeIfAbsent(lastPosition(), position -> reference.digest());
    }

    /** The digest of everything at a position, taken by whoever comes there first. */
    long digestAt(long position, long digestNow) {
        Long known = digests.putIfAbsent(position, digestNow);
        return known == null ? digestNow : known;
    }

    /** How often, and with what effect, a request was applied. Requests of the workload differ in their bytes. */
    public List<Write> writesOf(Request request) {
        return writes.getOrDefault(key(request), List.of());
    }

    private static ByteBuffer key(Request request) {
        ByteBuf out = Unpooled.buffer(64);
        out.writeInt(request.op().code());
        request.encode(new WireWriter(out));
        return ByteBuffer.wrap(Arrays.copyOf(out.array(), out.writerIndex()));
    }
}
