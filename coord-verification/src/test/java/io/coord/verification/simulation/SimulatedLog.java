package io.coord.verification.simulation;

import io.coord.server.internal.log.Background;
import io.coord.server.internal.log.DiskFullException;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.log.RecoveredLog;
import io.coord.server.internal.log.RecoveryListener;
import io.coord.server.internal.log.SimulatedCrash;
import io.coord.server.internal.metrics.LogMetrics;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.CommandCodec;
import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.replication.Role;
import io.coord.server.internal.replication.SnapshotTaker;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One node on the real log, recovery and snapshots, over a simulated disk. Only the two threads that write are simulated:
 * their work happens in one moment, and its result comes as late as a sync takes.
 */
final class SimulatedLog implements Replicator {
    private static final long MS = 1_000_000;
    private static final LogConfig CONFIG = LogConfig.DEFAULT
            .withSegmentBytes(4 << 10, 16 << 10)
            .withSnapshotEvery(60, 1 << 20)
            .withQuietSnapshots(SimulatedServer.TICK_MS / 2, 0);

    private record Pending(Command command, long ticket) {}

    private final SimulatedServer server;
    private final SimulatedProcess process;
    private final LogDirectory directory;
    private final Random random;
    private final CommandCodec codec = new CommandCodec();
    private final Background background;

    private @Nullable ReplicatedState state;
    private @Nullable RecoveredLog log;
    private @Nullable SnapshotTaker snapshots;
    private List<Pending> gathered = new ArrayList<>();
    private boolean working;
    private boolean ready;
    private boolean over;
    private boolean failed;
    private long appliedIndex;

    SimulatedLog(SimulatedServer server, LogDirectory directory, Random random) {
        this.server = server;
        this.process = server.process();
        this.directory = directory;
        this.random = random;
        this.background = new Background() {
            @Override
            public void execute(Runnable task) {
                process.in(MS, () -> guarded(task::run));
            }

            @Override
            public boolean isStopping() {
                return over;
            }
        };
    }

    @FunctionalInterface
    private interface DiskWork {
        void run() throws IOException;
    }

    @Override
    public void start(ReplicatedState replicatedState) {
        if (state != null || over) {
            throw new IllegalStateException("a replicator starts once");
        }
        state = replicatedState;
        process.in(0, () -> guarded(() -> recover(replicatedState)));
    }

    private void recover(ReplicatedState target) throws IOException {
        LogRecovery.lock(directory);
        RecoveredLog recovered = LogRecovery.recover(directory, CONFIG, background, new RecoveryListener() {
            @Override
            public void onSnapshotStarted(long lastIndex) {
                appliedIndex = lastIndex;
                target.onRestoreStarted();
            }

            @Override
            public void onSnapshotChunk(ByteBuf chunk) {
                target.onRestoreChunk(chunk);
                chunk.release();
            }

            @Override
            public void onSnapshotFinished() {
                target.onRestoreFinished();
                server.onRestored(appliedIndex);
                server.stats().snapshotsInstalled++;
            }

            @Override
            public void onEntry(long index, ByteBuf entry) {
                appliedIndex = index;
                target.onCommitted(codec.decode(entry), NO_TICKET);
            }
        });
        log = recovered;
        snapshots = new SnapshotTaker(
                target, message -> process.in(0, message), background, recovered, CONFIG, LogMetrics.unobserved());
        target.onBatchEnd();
        server.onRecovered();
        ready = true;
        server.invariants().onRole(server.id(), Role.LEADER);
        target.onRoleChanged(Role.LEADER);
        target.onReady();
    }

    @Override
    public void submit(Command command, long ticket) {
        if (over) {
            return;
        }
        if (!ready) {
            throw new IllegalStateException("submitted before onReady");
        }
        if (failed) {
            process.in(0, () -> state().onRefused(ticket, "the log has failed"));
            return;
        }
        gathered.add(new Pending(command, ticket));
        if (!working) {
            working = true;
            process.in((long) (random.nextDouble() * MS / 5), () -> guarded(this::work));
        }
    }

    @Override
    public void tellLeader(long[] touchedSessions) {}

    @Override
    public void onTick(long nowMs) {
        guarded(() -> {
            if (ready && snapshots != null) {
                snapshots.onTick(nowMs, appliedIndex);
            }
        });
    }

    @Override
    public void close(CloseCallback done) {
        release();
        process.in(0, () -> done.onClosed(null));
    }

    /** What the thread of the log does: all that has gathered, and one sync for it. */
    private void work() throws IOException {
        List<Pending> batch = gathered;
        gathered = new ArrayList<>();
        RecoveredLog to = log();
        if (batch.isEmpty()) {
            working = false;
            if (to.log().isConfirmationDue()) {
                to.log().confirm();
            }
            return;
        }
        String refusal = null;
        long before = to.log().writtenBytes();
        try {
            for (Pending each : batch) {
                codec.encode(each.command(), to.log().beginEntry());
                if (!to.log().endEntry()) {
                    throw new IllegalStateException("a command of the workload is too large");
                }
            }
            to.log().commit();
        } catch (DiskFullException e) {
            refusal = "the disk is full";
        } catch (IOException e) {
            process.in(0, () -> fail(batch, e));
            return;
        }
        String refused = refusal;
        long bytes = to.log().writtenBytes() - before;
        process.in(
                MS / 2 + (long) (random.nextDouble() * 2 * MS),
                () -> guarded(() -> {
                    settle(batch, refused, bytes);
                    work();
                }));
    }

    private void settle(List<Pending> batch, @Nullable String refusal, long bytes) {
        ReplicatedState target = state();
        for (Pending each : batch) {
            if (refusal == null) {
                appliedIndex++;
                target.onCommitted(each.command(), each.ticket());
            } else {
                server.stats().refusedSubmissions++;
                target.onRefused(each.ticket(), refusal);
            }
        }
        target.onBatchEnd();
        if (refusal == null && snapshots != null) {
            snapshots.onApplied(appliedIndex, batch.size(), bytes);
        }
        server.endTurn();
    }

    private void fail(List<Pending> batch, IOException cause) {
        ReplicatedState target = state();
        server.stats().unknownSubmissions += batch.size();
        batch.forEach(each -> target.onUnknown(each.ticket(), "writing the log failed"));
        gathered.forEach(each -> target.onRefused(each.ticket(), "the log has failed"));
        gathered = new ArrayList<>();
        failed = true;
        target.onLogFailed(cause);
        server.endTurn();
    }

    private void guarded(DiskWork work) {
        if (over) {
            return;
        }
        try {
            work.run();
        } catch (SimulatedCrash e) {
            server.onPowerLost();
        } catch (IOException e) {
            server.onUnusable(e);
        }
    }

    boolean isConfirmed() {
        return ready && !over && !failed && !working && !log().log().isConfirmationDue();
    }

    private RecoveredLog log() {
        RecoveredLog recovered = log;
        if (recovered == null) {
            throw new IllegalStateException("not recovered");
        }
        return recovered;
    }

    private ReplicatedState state() {
        ReplicatedState target = state;
        if (target == null) {
            throw new IllegalStateException("not started");
        }
        return target;
    }

    /** The process is gone: what it held outside the heap goes, too. */
    void release() {
        over = true;
        if (snapshots != null) {
            snapshots.stop();
            snapshots.release();
        }
        if (log != null) {
            try {
                log.log().close();
            } catch (IOException | SimulatedCrash e) {
                server.trace("closing after the end: " + e.getClass().getSimpleName());
            }
        }
    }
}
