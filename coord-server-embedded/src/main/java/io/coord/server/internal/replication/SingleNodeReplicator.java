package io.coord.server.internal.replication;

import io.coord.server.internal.log.DiskLogDirectory;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.RecoveredLog;
import io.coord.server.internal.metrics.LogMetrics;
import io.coord.server.internal.runtime.StateMailbox;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One node on its own write-ahead log. What the owner submits within one turn goes to the thread {@code coord-log} together;
 * that thread writes all that has arrived, syncs once, and sends the batch back through the mailbox. The owner delivers it
 * in slices, each in a turn of its own, so that input waits for no more than one of them.
 *
 * <p>Every field but the shared {@link LogInbox} and {@link BackgroundThread} belongs to the owner thread; the methods
 * {@code onX} are messages of the log thread that run there.
 *
 * <p>After a failed write or sync the batch concerned is reported as unknown, what was submitted behind it as refused, and
 * then {@link ReplicatedState#onLogFailed} is called. The log is not touched again before the next start, which trusts
 * nothing but what it reads back; so all that is submitted meanwhile is refused. The directory stays locked. A full disk
 * refuses writes until there is room again. {@link ReplicatedState#onFailed} comes when recovery fails, or the state throws.
 */
public final class SingleNodeReplicator implements Replicator {
    private final StateMailbox mailbox;
    private final DirectorySource source;
    private final LogConfig config;
    private final LogMetrics metrics;
    private final LogInbox inbox = new LogInbox();
    private final BackgroundThread background = new BackgroundThread();
    private final List<CloseCallback> closeCallbacks = new ArrayList<>();
    private final Runnable handOver = this::handOver;
    private final Runnable deliver = this::deliver;
    /** What the log thread said while a batch was being delivered. */
    private final Deque<Runnable> behindDelivery = new ArrayDeque<>();

    private PendingCommands gathered = new PendingCommands();
    private boolean handOverDue;
    private Phase phase = Phase.NEW;
    private boolean logRuns;
    private @Nullable Throwable failure;
    private @Nullable Thread owner;
    private @Nullable ReplicatedState state;
    private @Nullable SnapshotTaker snapshots;
    private @Nullable Delivery delivery;
    private long appliedIndex;

    private enum Phase {
        NEW,
        RECOVERING,
        READY,
        /** The log has failed: nothing is written any more, what is applied stays. */
        REFUSING,
        FAILED,
        /** A last snapshot is saved; nothing else happens any more. */
        CLOSING,
        CLOSED
    }

    /** Opens the data directory, on the log thread. */
    @FunctionalInterface
    public interface DirectorySource {
        LogDirectory open() throws IOException;
    }

    /** @param directory created when it is not there; one server at a time can use it */
    public SingleNodeReplicator(StateMailbox mailbox, Path directory, LogConfig config) {
        this(mailbox, directory, config, LogMetrics.unobserved());
    }

    /** @param directory created when it is not there; one server at a time can use it */
    public SingleNodeReplicator(StateMailbox mailbox, Path directory, LogConfig config, LogMetrics metrics) {
        this(mailbox, () -> new DiskLogDirectory(directory), config, metrics);
    }

    public SingleNodeReplicator(StateMailbox mailbox, DirectorySource source, LogConfig config) {
        this(mailbox, source, config, LogMetrics.unobserved());
    }

    public SingleNodeReplicator(StateMailbox mailbox, DirectorySource source, LogConfig config, LogMetrics metrics) {
        this.mailbox = mailbox;
        this.source = source;
        this.config = config;
        this.metrics = metrics;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A directory that cannot be used is told by {@link ReplicatedState#onFailed}, with {@code DirectoryLockedException},
     * {@code LogDamagedException} or {@code LogMismatchException} of the log's package when it is that.
     */
    @Override
    public void start(ReplicatedState replicatedState) {
        if (phase != Phase.NEW) {
            throw new IllegalStateException("a replicator starts once");
        }
        state = replicatedState;
        owner = Thread.currentThread();
        phase = Phase.RECOVERING;
        Thread thread = new Thread(new LogThread(this, mailbox, source, config, inbox, background), "coord-log");
        thread.setDaemon(true);
        thread.start();
        // Only now: closing waits for this thread's last message, and a thread that could not be made sends none.
        logRuns = true;
    }

    /** {@inheritDoc} Without effect after {@link #close} and after {@link ReplicatedState#onFailed}. */
    @Override
    public void submit(Command command, long ticket) {
        checkOwner();
        switch (phase) {
            case READY, REFUSING -> {
                gathered.add(command, ticket);
                if (!handOverDue) {
                    handOverDue = true;
                    mailbox.offer(handOver);
                }
            }
            case NEW, RECOVERING -> throw new IllegalStateException("submitted before onReady");
            case FAILED, CLOSING, CLOSED -> {}
        }
    }

    /** Never called for: this server is the leader of itself. */
    @Override
    public void tellLeader(long[] touchedSessions) {}

    @Override
    public void onTick(long nowMs) {
        checkOwner();
        guarded(Phase.READY, target -> {
            if (snapshots != null) {
                snapshots.onTick(nowMs, appliedIndex);
            }
        });
    }

    @Override
    public void close(CloseCallback done) {
        checkOwner();
        if (logRuns) {
            closeCallbacks.add(done);
        } else {
            mailbox.offer(() -> done.onClosed(failure));
        }
        if (phase == Phase.READY && snapshots != null) {
            phase = Phase.CLOSING;
            SnapshotTaker taker = snapshots;
            stepOfClosing(() -> taker.onClosing(appliedIndex, this::endWork));
        } else if (phase != Phase.CLOSING) {
            endWork();
        }
    }

    /** Of the last entry that the state includes; each up to it is as durable as promised. */
    public long appliedIndex() {
        checkOwner();
        return appliedIndex;
    }

    /** How many files were removed since the start because nothing needs them any more. */
    public long purgedFiles() {
        return snapshots == null ? 0 : snapshots.purgedFiles();
    }

    private void stepOfClosing(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failure = e;
            endWork();
        }
    }

    private void endWork() {
        phase = Phase.CLOSED;
        stopWork();
    }

    /** The end of the owner's turn: everything that it submitted goes in one batch. */
    private void handOver() {
        handOverDue = false;
        if (phase == Phase.READY) {
            gathered = inbox.put(gathered);
        } else {
            guarded(Phase.REFUSING, this::refuseGathered);
        }
    }

    private void refuseGathered(ReplicatedState target) {
        PendingCommands never = gathered;
        // What a refusal makes the owner submit has its own turn.
        gathered = new PendingCommands();
        refuseAll(never, target);
        target.onBatchEnd();
    }

    void onSnapshotStarted(long lastIndex) {
        guarded(Phase.RECOVERING, target -> {
            appliedIndex = lastIndex;
            target.onRestoreStarted();
        });
    }

    void onSnapshotChunk(ByteBuf chunk) {
        guarded(Phase.RECOVERING, target -> target.onRestoreChunk(chunk));
    }

    void onSnapshotFinished() {
        guarded(Phase.RECOVERING, ReplicatedState::onRestoreFinished);
    }

    void onReplay(PendingCommands batch) {
        guarded(Phase.RECOVERING, target -> {
            for (int i = 0; i < batch.size(); i++) {
                appliedIndex++;
                target.onCommitted(batch.command(i), NO_TICKET);
            }
        });
    }

    /** @param snapshotNanos of {@code nanos}, for the snapshot */
    void onRecovered(RecoveredLog recovered, long nanos, long snapshotNanos) {
        guarded(Phase.RECOVERING, target -> {
            metrics.onRecovered(nanos, snapshotNanos, recovered.log().lastIndex() - recovered.snapshotIndex());
            snapshots = new SnapshotTaker(target, this::offerGuarded, background, recovered, config, metrics);
            target.onBatchEnd();
            phase = Phase.READY;
            target.onRoleChanged(Role.LEADER);
            target.onReady();
        });
    }

    /**
     * A message of the log thread. What comes while a batch is delivered in slices waits for its end: a failure, above all,
     * concerns only what was submitted behind it.
     */
    void inOrder(Runnable message) {
        if (delivery == null) {
            message.run();
        } else {
            behindDelivery.addLast(message);
        }
    }

    /** A batch that is as durable as promised, but for the commands that were refused, and what of it is still to come. */
    private static final class Delivery {
        private final PendingCommands batch;
        private final long bytes;
        private int next;

        Delivery(PendingCommands batch, long bytes) {
            this.batch = batch;
            this.bytes = bytes;
        }
    }

    /** @param syncNanos of {@code nanos}, for making the batch durable; negative when that was not asked for */
    void onBatchSettled(PendingCommands batch, long bytes, long nanos, long syncNanos) {
        metrics.onBatch(batch.size(), nanos, syncNanos);
        delivery = new Delivery(batch, bytes);
        deliver();
    }

    private void deliver() {
        @Nullable Delivery current = delivery;
        @Nullable ReplicatedState target = state;
        if (current == null) {
            return;
        }
        if (phase == Phase.READY && target != null) {
            deliverSlice(current, target);
            if (phase == Phase.READY && current.next < current.batch.size()) {
                mailbox.offerBehindInput(deliver);
                return;
            }
        }
        delivery = null;
        while (delivery == null && !behindDelivery.isEmpty()) {
            behindDelivery.removeFirst().run();
        }
    }

    private void deliverSlice(Delivery current, ReplicatedState target) {
        PendingCommands batch = current.batch;
        int end = batch.sliceEnd(current.next);
        long before = appliedIndex;
        try {
            while (current.next < end && phase == Phase.READY) {
                settle(batch, current.next++, target);
            }
            if (phase == Phase.READY) {
                target.onBatchEnd();
            }
            if (phase == Phase.READY && snapshots != null) {
                boolean last = current.next == batch.size();
                snapshots.onApplied(appliedIndex, (int) (appliedIndex - before), last ? current.bytes : 0);
            }
        } catch (RuntimeException | Error e) {
            fail(e);
            return;
        }
        if (current.next == batch.size()) {
            inbox.recycle(batch);
        }
    }

    private void settle(PendingCommands batch, int i, ReplicatedState target) {
        @Nullable String refusal = batch.refusal(i);
        if (refusal == null) {
            appliedIndex++;
            target.onCommitted(batch.command(i), batch.ticket(i));
        } else {
            target.onRefused(batch.ticket(i), refusal);
        }
    }

    /** Writing or syncing the batch failed; {@link #onLogFailed} follows. */
    void onBatchUnknown(PendingCommands batch) {
        guarded(Phase.READY, target -> reportUnknown(batch, 0, target, "writing the log failed"));
    }

    void onLogFailed(Throwable cause) {
        if (phase == Phase.RECOVERING) {
            fail(cause);
        } else if (phase == Phase.CLOSING) {
            // Its thread waits for nothing but the end, and writes no snapshot any more.
            failure = cause;
            endWork();
        } else if (phase == Phase.READY) {
            failure = cause;
            phase = Phase.REFUSING;
            if (snapshots != null) {
                snapshots.stop();
            }
            guarded(Phase.REFUSING, target -> {
                refuseAll(inbox.drain(), target);
                refuseGathered(target);
                target.onLogFailed(cause);
            });
        }
    }

    /** The last message of the log thread: it has closed all files. */
    void onLogStopped(@Nullable Throwable cause) {
        logRuns = false;
        if (cause != null) {
            failure = cause;
            onLogFailed(cause);
        }
        if (snapshots != null) {
            snapshots.release();
        }
        for (CloseCallback done : closeCallbacks) {
            done.onClosed(failure);
        }
        closeCallbacks.clear();
    }

    private void reportUnknown(PendingCommands batch, int from, ReplicatedState target, String reason) {
        for (int i = from; i < batch.size(); i++) {
            @Nullable String refusal = batch.refusal(i);
            if (refusal == null) {
                target.onUnknown(batch.ticket(i), reason);
            } else {
                target.onRefused(batch.ticket(i), refusal);
            }
        }
    }

    private void fail(Throwable cause) {
        phase = Phase.FAILED;
        failure = cause;
        stopWork();
        @Nullable ReplicatedState target = state;
        if (target != null) {
            if (delivery != null) {
                reportUnknown(delivery.batch, delivery.next, target, "applying a committed command failed");
            }
            refuseAll(inbox.drain(), target);
            refuseAll(gathered, target);
            target.onFailed(cause);
        }
    }

    private static void refuseAll(PendingCommands never, ReplicatedState target) {
        for (int i = 0; i < never.size(); i++) {
            target.onRefused(never.ticket(i), "the log has failed");
        }
        never.clear();
    }

    private void stopWork() {
        inbox.stop();
        if (snapshots != null) {
            snapshots.stop();
        }
    }

    private void offerGuarded(Runnable message) {
        mailbox.offer(() -> {
            if (phase == Phase.CLOSING) {
                stepOfClosing(message);
            } else {
                guarded(Phase.READY, target -> message.run());
            }
        });
    }

    /** A state that throws has applied an unknown part of what it was told: it is not fed any further. */
    private void guarded(Phase expected, Consumer<ReplicatedState> action) {
        @Nullable ReplicatedState target = state;
        if (phase != expected || target == null) {
            return;
        }
        try {
            action.accept(target);
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void checkOwner() {
        if (owner != null && owner != Thread.currentThread()) {
            throw new IllegalStateException(
                    "called on " + Thread.currentThread().getName() + ", owned by " + owner.getName());
        }
    }
}
