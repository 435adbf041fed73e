package io.coord.server.internal.replication;

import io.coord.server.internal.log.DiskFullException;
import io.coord.server.internal.log.Durability;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.log.RecoveredLog;
import io.coord.server.internal.log.RecoveryListener;
import io.coord.server.internal.log.WriteAheadLog;
import io.coord.server.internal.runtime.StateMailbox;
import io.netty.buffer.ByteBuf;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the thread {@code coord-log} does: recovers, then writes batch after batch. It owns all files; to the owner thread it
 * speaks through the mailbox only.
 */
final class LogThread implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LogThread.class);
    private static final int REPLAY_COMMANDS = 1024;
    private static final int REPLAY_BYTES = 4 << 20;
    /** After a full disk prevented a confirmation, each further attempt waits twice as long, up to this. */
    private static final long MOST_IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Longer than clients nearby need to answer a reply with their next write. */
    private static final long MOST_PATIENCE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);
    /** How many messages of a recovery may wait for the owner: enough to keep both threads busy. */
    private static final int RECOVERY_MESSAGES = 4;

    private final SingleNodeReplicator replicator;
    private final StateMailbox mailbox;
    private final SingleNodeReplicator.DirectorySource source;
    private final LogConfig config;
    private final LogInbox inbox;
    private final BackgroundThread background;
    private final CommandCodec codec = new CommandCodec();
    private boolean diskFull;
    /** Recovery is over. */
    private boolean writing;
    /** How long the next batch may be waited for. */
    private long patienceNanos;

    LogThread(
            SingleNodeReplicator replicator,
            StateMailbox mailbox,
            SingleNodeReplicator.DirectorySource source,
            LogConfig config,
            LogInbox inbox,
            BackgroundThread background) {
        this.replicator = replicator;
        this.mailbox = mailbox;
        this.source = source;
        this.config = config;
        this.inbox = inbox;
        this.background = background;
    }

    @Override
    public void run() {
        @Nullable Throwable failure = null;
        try {
            workUnderLock();
        } catch (CancellationException e) {
            LOG.debug("Closed during recovery", e);
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
        @Nullable Throwable told = failure;
        tell(() -> replicator.onLogStopped(told));
    }

    private void tell(Runnable message) {
        mailbox.offer(() -> replicator.inOrder(message));
    }

    private void workUnderLock() throws IOException {
        LogDirectory directory = source.open();
        Closeable lock = LogRecovery.lock(directory);
        try {
            work(directory);
        } finally {
            background.stopAndAwait();
            if (writing) {
                // A log that has failed is still this server's, for as long as it serves reads.
                inbox.awaitStop();
            }
            lock.close();
        }
    }

    private void work(LogDirectory directory) throws IOException {
        long start = System.nanoTime();
        Replay replay = new Replay();
        RecoveredLog recovered = LogRecovery.recover(directory, config, background, replay);
        try {
            replay.send();
            long nanos = System.nanoTime() - start;
            long snapshotNanos = replay.snapshotNanos;
            if (recovered.log().lastIndex() > 0) {
                LOG.info(
                        "Recovered the snapshot of index {} and {} log entries in {} ms",
                        recovered.snapshotIndex(),
                        recovered.log().lastIndex() - recovered.snapshotIndex(),
                        TimeUnit.NANOSECONDS.toMillis(nanos));
            }
            tell(() -> replicator.onRecovered(recovered, nanos, snapshotNanos));
            writing = true;
            writeUntilStopped(recovered.log());
        } catch (IOException | RuntimeException | Error e) {
            // Before the files are closed, which may take long on a disk that has failed.
            tell(() -> replicator.onLogFailed(e));
            throw e;
        } finally {
            background.stopAndAwait();
            try {
                recovered.snapshots().close();
            } finally {
                recovered.log().close();
            }
        }
    }

    private void writeUntilStopped(WriteAheadLog log) throws IOException {
        boolean confirms = config.durability() == Durability.FSYNC;
        long promptly = Math.max(1, TimeUnit.MILLISECONDS.toNanos(config.confirmAfterIdleMs()));
        long idleNanos = promptly;
        while (true) {
            boolean due = confirms && log.isConfirmationDue();
            @Nullable PendingCommands batch = inbox.take(due ? idleNanos : 0, patienceNanos);
            if (batch != null) {
                long start = System.nanoTime();
                commit(log, batch);
                // Waiting is to save syncs, so it is measured by what one costs.
                patienceNanos = confirms ? Math.min(MOST_PATIENCE_NANOS, 2 * (System.nanoTime() - start)) : 0;
                idleNanos = promptly;
            } else {
                if (due && !log.confirm()) {
                    idleNanos = Math.max(promptly, Math.min(idleNanos * 2, MOST_IDLE_NANOS));
                }
                if (inbox.isStopping()) {
                    return;
                }
            }
        }
    }

    /** Nothing of the batch is delivered as committed before all of it is as durable as promised. */
    private void commit(WriteAheadLog log, PendingCommands batch) throws IOException {
        boolean settled = false;
        long before = log.writtenBytes();
        long start = System.nanoTime();
        long appended = start;
        try {
            try {
                append(log, batch);
                appended = System.nanoTime();
                log.commit();
                diskFull = false;
            } catch (DiskFullException e) {
                batch.refuseAll("the server's disk is full");
                warnOnce(e);
            }
            settled = true;
        } finally {
            if (!settled) {
                tell(() -> replicator.onBatchUnknown(batch));
            }
        }
        long bytes = log.writtenBytes() - before;
        long end = System.nanoTime();
        long nanos = end - start;
        long syncNanos = config.durability() == Durability.FSYNC ? end - appended : -1;
        tell(() -> replicator.onBatchSettled(batch, bytes, nanos, syncNanos));
    }

    private void append(WriteAheadLog log, PendingCommands batch) throws IOException {
        for (int i = 0; i < batch.size(); i++) {
            ByteBuf out = log.beginEntry();
            int start = out.writerIndex();
            @Nullable RuntimeException unfit = null;
            try {
                codec.encode(batch.command(i), out);
                batch.setEncodedLength(i, out.writerIndex() - start);
            } catch (RuntimeException e) {
                unfit = e;
            }
            if (unfit != null) {
                log.cancelEntry();
                batch.refuse(i, "the command cannot be logged: " + unfit.getMessage());
            } else if (!log.endEntry()) {
                batch.refuse(i, "the command is too large for the log");
            }
        }
    }

    private void warnOnce(DiskFullException e) {
        if (!diskFull) {
            diskFull = true;
            LOG.warn("The disk is full: writes are refused until there is room again, reads go on", e);
        }
    }

    /** Decodes on this thread, applies on the owner's, a few batches apart. */
    private final class Replay implements RecoveryListener {
        private final Semaphore permits = new Semaphore(RECOVERY_MESSAGES);
        private PendingCommands batch = new PendingCommands();
        private int bytes;
        private long snapshotStart;
        private long snapshotNanos;

        @Override
        public void onSnapshotStarted(long lastIndex) {
            snapshotStart = System.nanoTime();
            offer(() -> replicator.onSnapshotStarted(lastIndex));
        }

        @Override
        public void onSnapshotChunk(ByteBuf chunk) {
            offer(() -> {
                try {
                    replicator.onSnapshotChunk(chunk);
                } finally {
                    chunk.release();
                }
            });
        }

        @Override
        public void onSnapshotFinished() {
            snapshotNanos = System.nanoTime() - snapshotStart;
            offer(replicator::onSnapshotFinished);
        }

        @Override
        public void onEntry(long index, ByteBuf entry) {
            bytes += entry.readableBytes();
            batch.add(codec.decode(entry), Replicator.NO_TICKET);
            if (batch.size() >= REPLAY_COMMANDS || bytes >= REPLAY_BYTES) {
                send();
            }
        }

        void send() {
            PendingCommands full = batch;
            batch = new PendingCommands();
            bytes = 0;
            if (!full.isEmpty()) {
                offer(() -> replicator.onReplay(full));
            }
        }

        private void offer(Runnable message) {
            permits.acquireUninterruptibly();
            if (inbox.isStopping()) {
                throw new CancellationException("closed during recovery");
            }
            mailbox.offer(() -> {
                try {
                    message.run();
                } finally {
                    permits.release();
                }
            });
        }
    }
}
