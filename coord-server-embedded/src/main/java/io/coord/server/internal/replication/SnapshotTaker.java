package io.coord.server.internal.replication;

import io.coord.server.internal.log.Background;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.RecoveredLog;
import io.coord.server.internal.log.SnapshotStore;
import io.coord.server.internal.log.SnapshotWriter;
import io.coord.server.internal.metrics.LogMetrics;
import io.coord.server.internal.runtime.StateMailbox;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a snapshot whenever enough log has gathered: slice by slice on the owner thread, each written by the background
 * thread while the owner goes on. Owner thread, except where said. One slice is under way at a time, so one buffer does.
 */
public final class SnapshotTaker {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotTaker.class);
    private static final int SLICE_BYTES = 512 << 10;
    /** A quiet moment is worth a snapshot when this part lies behind the last one of what makes the next one due. */
    private static final int WORTHWHILE = 40;
    /** And this part of its own size: so often at most is a large state written for a byte of log. */
    private static final int WORTHWHILE_OF_SIZE = 16;

    private final ReplicatedState state;
    private final StateMailbox mailbox;
    private final Background background;
    private final SnapshotStore store;
    private final LogConfig config;
    private final QuietTime quiet;
    private final LogMetrics metrics;

    private long entries;
    private long entriesSince;
    private long bytesSince;
    private long lastSnapshotBytes;
    private long snapshotBytes;
    private long beginNanos;
    private boolean stopped;
    /** What waits for the last snapshot of all. */
    private @Nullable Runnable closing;

    private ReplicatedState.@Nullable SnapshotCut cut;
    private @Nullable ByteBuf slice;
    /** Background thread's. */
    private @Nullable SnapshotWriter writer;

    public SnapshotTaker(
            ReplicatedState state,
            StateMailbox mailbox,
            Background background,
            RecoveredLog recovered,
            LogConfig config,
            LogMetrics metrics) {
        this.metrics = metrics;
        this.state = state;
        this.mailbox = mailbox;
        this.background = background;
        this.store = recovered.snapshots();
        this.config = config;
        this.quiet = new QuietTime(config.quietMs());
        this.entriesSince = recovered.log().lastIndex() - recovered.snapshotIndex();
        this.bytesSince = recovered.entryBytes();
    }

    /** Entries were applied, up to {@code appliedIndex}; all of them are durable. */
    public void onApplied(long appliedIndex, int newEntries, long bytes) {
        entries += newEntries;
        entriesSince += newEntries;
        bytesSince += bytes;
        if (cut == null && isDue()) {
            begin(appliedIndex);
        }
    }

    /** A large state is not written again for a handful of changes: as much as its size in log must have come. */
    private boolean isDue() {
        return (entriesSince >= config.snapshotEntries() || bytesSince >= config.snapshotBytes())
                && bytesSince >= lastSnapshotBytes;
    }

    /** Time goes on: when little is written, this is the moment for a snapshot that spares the next start the replay. */
    public void onTick(long nowMs, long appliedIndex) {
        if (quiet.isOver(nowMs, entries, entriesSince) && cut == null && !stopped && isWorthwhile()) {
            begin(appliedIndex);
        }
    }

    private boolean isWorthwhile() {
        return (entriesSince > config.snapshotEntries() / WORTHWHILE
                        || bytesSince > config.snapshotBytes() / WORTHWHILE)
                && bytesSince >= lastSnapshotBytes / WORTHWHILE_OF_SIZE;
    }

    /**
     * The state will not change any more: saves it if that is worth it and quickly done.
     *
     * @param then runs when it has been saved or given up; {@link #stop} is due
     */
    public void onClosing(long appliedIndex, Runnable then) {
        if (config.closingSnapshotBytes() > 0 && cut == null && !stopped && isWorthwhile()) {
            closing = then;
            begin(appliedIndex);
        } else {
            then.run();
        }
    }

    /** How many files were removed since the start because nothing needs them any more. */
    long purgedFiles() {
        return store.purgedFiles();
    }

    private void begin(long appliedIndex) {
        entriesSince = 0;
        bytesSince = 0;
        snapshotBytes = 0;
        beginNanos = System.nanoTime();
        cut = state.beginSnapshot();
        takeSlice(appliedIndex);
    }

    private void takeSlice(long lastIndex) {
        ReplicatedState.@Nullable SnapshotCut current = cut;
        if (current == null || stopped) {
            return;
        }
        if (slice == null) {
            slice = Unpooled.directBuffer(SLICE_BYTES);
        }
        ByteBuf bytes = slice.clear();
        boolean more = current.writeNext(bytes);
        snapshotBytes += bytes.readableBytes();
        if (closing != null && snapshotBytes > config.closingSnapshotBytes()) {
            // What there is of its file goes at the next start.
            endCut();
            return;
        }
        background.execute(() -> write(lastIndex, bytes, more));
    }

    /** Background thread. */
    private void write(long lastIndex, ByteBuf bytes, boolean more) {
        try {
            if (writer == null) {
                writer = store.create(lastIndex);
            }
            writer.write(bytes);
            if (more) {
                mailbox.offer(() -> takeSlice(lastIndex));
                return;
            }
            store.finish(writer);
            writer = null;
            mailbox.offer(() -> finished(lastIndex));
        } catch (IOException | RuntimeException | Error e) {
            try {
                abandonFile(e);
            } finally {
                mailbox.offer(() -> gaveUp(lastIndex, e));
            }
        }
    }

    /** Background thread. */
    private void abandonFile(Throwable reason) {
        writer = null;
        try {
            store.abandon();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private void finished(long lastIndex) {
        LOG.debug("Snapshot of index {} is durable, {} bytes", lastIndex, snapshotBytes);
        lastSnapshotBytes = snapshotBytes;
        metrics.onSnapshotFinished(System.nanoTime() - beginNanos);
        endCut();
    }

    /** Writes go on without it: the log has everything, and grows until a later one succeeds. */
    private void gaveUp(long lastIndex, Throwable reason) {
        if (!stopped) {
            metrics.onSnapshotFailed();
            LOG.warn(
                    "Cannot save a snapshot of index {}. The log grows until one succeeds; the next attempt follows "
                            + "after {} more entries.",
                    lastIndex,
                    config.snapshotEntries(),
                    reason);
        }
        endCut();
    }

    private void endCut() {
        ReplicatedState.@Nullable SnapshotCut ended = cut;
        cut = null;
        if (ended != null && !stopped) {
            ended.abandon();
        }
        release();
        @Nullable Runnable waiting = closing;
        closing = null;
        if (waiting != null) {
            waiting.run();
        }
    }

    /** Gives up the snapshot that is under way; none follows. */
    public void stop() {
        ReplicatedState.@Nullable SnapshotCut current = cut;
        if (current != null && !stopped) {
            current.abandon();
        }
        stopped = true;
    }

    /** Lets go of the buffer; the background thread must have done with it. */
    public void release() {
        if (slice != null) {
            slice.release();
            slice = null;
        }
    }
}
