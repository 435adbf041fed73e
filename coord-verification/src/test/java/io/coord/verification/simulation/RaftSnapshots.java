package io.coord.verification.simulation;

import io.coord.server.internal.replication.ReplicatedState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The snapshots that a member takes, slice by slice beside its work; at most one is under way. */
final class RaftSnapshots {
    private static final long MS = 1_000_000;
    private static final int SNAPSHOT_EVERY = 70;
    private static final int KEPT_ENTRIES = 25;

    private final SimulatedServer server;
    private final RaftStorage storage;
    private ReplicatedState.@Nullable SnapshotCut cut;
    private long commandsSinceSnapshot;
    private boolean closed;

    RaftSnapshots(SimulatedServer server, RaftStorage storage) {
        this.server = server;
        this.storage = storage;
    }

    void commandApplied() {
        commandsSinceSnapshot++;
    }

    boolean isDue() {
        return cut == null && commandsSinceSnapshot >= SNAPSHOT_EVERY;
    }

    void begin(ReplicatedState state, long appliedIndex, long position) {
        commandsSinceSnapshot = 0;
        ReplicatedState.SnapshotCut begun = state.beginSnapshot();
        cut = begun;
        writeSlice(begun, appliedIndex, storage.termAt(appliedIndex), position, new ArrayList<>());
    }

    /** Another member's has taken the place of the state that was being written. */
    void abandon() {
        if (cut != null) {
            cut.abandon();
            cut = null;
        }
    }

    void close() {
        closed = true;
    }

    private void writeSlice(
            ReplicatedState.SnapshotCut begun, long index, long term, long position, List<byte[]> chunks) {
        if (cut != begun || closed) {
            return;
        }
        ByteBuf out = Unpooled.buffer(1024);
        boolean more = begun.writeNext(out);
        chunks.add(Arrays.copyOf(out.array(), out.writerIndex()));
        if (more) {
            server.process().in(MS, () -> writeSlice(begun, index, term, position, chunks));
            return;
        }
        // Durable some time later; until then the old one counts.
        server.process().in(20 * MS, () -> {
            if (cut == begun) {
                cut = null;
                begun.abandon();
                storage.compact(new RaftStorage.Snapshot(index, term, position, chunks), KEPT_ENTRIES);
                server.stats().snapshotsTaken++;
            }
        });
    }
}
