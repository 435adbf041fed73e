package io.coord.verification.simulation;

import io.coord.server.internal.replication.CommandCodec;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** How far a member knows entries as committed, and has applied them: in batches, and later than it could. */
final class AppliedLog {
    private static final long MS = 1_000_000;
    private static final int MOST_AT_ONCE = 20;

    private final SimulatedServer server;
    private final RaftStorage storage;
    private final Random random;
    private final String life;
    private final OwnSubmissions submissions;
    private final RaftSnapshots snapshots;
    private final Runnable onBatchApplied;
    private final CommandCodec codec = new CommandCodec();
    private @Nullable ReplicatedState state;
    private long commitIndex;
    private long appliedIndex;
    private long position;
    private boolean planned;
    private boolean closed;

    /** @param onBatchApplied told behind each batch, before a snapshot is begun */
    AppliedLog(
            SimulatedServer server,
            RaftStorage storage,
            Random random,
            String life,
            OwnSubmissions submissions,
            Runnable onBatchApplied) {
        this.server = server;
        this.storage = storage;
        this.random = random;
        this.life = life;
        this.submissions = submissions;
        this.snapshots = new RaftSnapshots(server, storage);
        this.onBatchApplied = onBatchApplied;
    }

    void start(ReplicatedState target) {
        state = target;
    }

    void close() {
        closed = true;
        snapshots.close();
    }

    private ReplicatedState state() {
        ReplicatedState target = state;
        if (target == null) {
            throw new IllegalStateException("not started");
        }
        return target;
    }

    long commitIndex() {
        return commitIndex;
    }

    long appliedIndex() {
        return appliedIndex;
    }

    boolean isDone() {
        return appliedIndex == commitIndex;
    }

    /** All entries up to there are committed. */
    void commit(long index) {
        commitIndex = Math.max(commitIndex, index);
        applyLater();
    }

    void restore(RaftStorage.Snapshot snapshot) {
        snapshots.abandon();
        state().onRestoreStarted();
        for (byte[] each : snapshot.chunks()) {
            state().onRestoreChunk(Unpooled.wrappedBuffer(each));
        }
        state().onRestoreFinished();
        appliedIndex = snapshot.index();
        commitIndex = Math.max(commitIndex, snapshot.index());
        position = snapshot.position();
        server.onRestored(position);
        server.endTurn();
    }

    private void applyLater() {
        if (!planned && appliedIndex < commitIndex) {
            planned = true;
            long lag = random.nextInt(40) == 0 ? 30 * MS : MS / 5;
            server.process().in((long) (random.nextDouble() * lag), this::applyCommitted);
        }
    }

    private void applyCommitted() {
        planned = false;
        int most = 1 + random.nextInt(MOST_AT_ONCE);
        int applied = 0;
        while (appliedIndex < commitIndex && applied < most && !closed) {
            RaftEntry entry = storage.entry(appliedIndex + 1);
            appliedIndex++;
            applied++;
            if (entry.isCommand()) {
                position++;
                snapshots.commandApplied();
                boolean mine = entry.origin().equals(life) && submissions.settle(entry.ticket());
                state().onCommitted(
                                codec.decode(Unpooled.wrappedBuffer(entry.command())),
                                mine ? entry.ticket() : Replicator.NO_TICKET);
            }
        }
        if (applied > 0) {
            state().onBatchEnd();
            server.endTurn();
        }
        onBatchApplied.run();
        if (snapshots.isDue()) {
            snapshots.begin(state(), appliedIndex, position);
        }
        applyLater();
    }
}
