package io.coord.server.internal.log;

import io.netty.buffer.ByteBuf;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back what a data directory holds: the newest whole snapshot, then each entry behind it. Cuts what a crash left of
 * an unfinished write; refuses everything that had been durable and is damaged or missing. Log thread.
 */
public final class LogRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);
    private static final int COPY_BYTES = 1 << 20;

    private final LogDirectory directory;
    private final LogConfig config;
    private final Background background;
    private final RecoveryListener listener;
    private final List<Long> segments;
    private final List<Long> snapshots;
    private @Nullable UUID logId;
    private @Nullable LogDamagedException damagedSnapshot;
    private long entryBytes;

    private LogRecovery(
            LogDirectory directory,
            LogConfig config,
            Background background,
            RecoveryListener listener,
            List<String> names) {
        this.directory = directory;
        this.config = config;
        this.background = background;
        this.listener = listener;
        this.segments = SnapshotStore.segments(names);
        this.snapshots = SnapshotStore.snapshots(names);
    }

    /**
     * Claims a data directory for this process.
     *
     * @throws DirectoryLockedException when another server works in it
     */
    public static Closeable lock(LogDirectory directory) throws IOException {
        return directory.lock(LogFormat.LOCK);
    }

    /**
     * Recovers a directory that is locked; an empty one becomes a new log.
     *
     * @throws LogDamagedException when something that was durable is damaged or missing
     * @throws LogMismatchException when a file is of another log or a newer format
     */
    public static RecoveredLog recover(
            LogDirectory directory, LogConfig config, Background background, RecoveryListener listener)
            throws IOException {
        List<String> names = directory.list();
        for (String name : names) {
            if (LogFormat.isTemporary(name)) {
                directory.delete(name);
            }
        }
        // A process that was killed may have left names that only the system's memory knows: what is read from here on,
        // and
        // written behind it, must not go with them.
        directory.sync();
        return new LogRecovery(directory, config, background, listener, names).run();
    }

    /**
     * Recovers a directory that no server works in, as the next start would, and tells how far.
     *
     * @return the index of the last entry, 0 for none
     * @throws LogDamagedException as {@link #recover}
     */
    public static long recoverOnce(Path path, RecoveryListener listener) throws IOException {
        LogDirectory directory = new DiskLogDirectory(path);
        Closeable lock = lock(directory);
        try {
            return recoverLocked(directory, listener);
        } finally {
            lock.close();
            directory.delete(LogFormat.LOCK);
        }
    }

    /** As {@link #recoverOnce}, of a directory that is {@linkplain #lock locked}. */
    public static long recoverLocked(LogDirectory directory, RecoveryListener listener) throws IOException {
        LogConfig unfilled = LogConfig.DEFAULT.withZeroFill(false);
        RecoveredLog recovered = recover(directory, unfilled, NoBackground.INSTANCE, listener);
        recovered.snapshots().close();
        recovered.log().close();
        return recovered.log().lastIndex();
    }

    private RecoveredLog run() throws IOException {
        if (segments.isEmpty() && snapshots.isEmpty()) {
            logId = UUID.randomUUID();
            return recovered(WriteAheadLog.starting(directory, config, logId, background, 0), logId, 0);
        }
        long base = restoreSnapshot();
        WriteAheadLog log = replay(base);
        return recovered(log, knownId(), base);
    }

    private RecoveredLog recovered(WriteAheadLog log, UUID id, long base) {
        SnapshotStore store = new SnapshotStore(directory, id, background, config.retainedSnapshots());
        if (base > 0) {
            store.addWhole(base);
        }
        return new RecoveredLog(log, store, base, entryBytes);
    }

    /** Hands over the newest whole snapshot and returns its index, 0 when the log alone has to do. */
    private long restoreSnapshot() throws IOException {
        for (long candidate : snapshots) {
            try {
                verify(candidate);
            } catch (LogDamagedException e) {
                if (damagedSnapshot == null) {
                    damagedSnapshot = e;
                }
                continue;
            }
            requireLogBehind(candidate);
            load(candidate);
            return candidate;
        }
        requireLogBehind(0);
        return 0;
    }

    /** Reads a snapshot once before any of it is used: the state never sees a part of a damaged one. */
    private void verify(long lastIndex) throws IOException {
        try (SnapshotReader reader = SnapshotReader.open(directory, lastIndex, logId)) {
            logId = reader.logId();
            boolean more = reader.check();
            while (more) {
                more = reader.check();
            }
        }
    }

    private void load(long lastIndex) throws IOException {
        try (SnapshotReader reader = SnapshotReader.open(directory, lastIndex, logId)) {
            listener.onSnapshotStarted(lastIndex);
            @Nullable ByteBuf chunk = reader.next();
            while (chunk != null) {
                listener.onSnapshotChunk(chunk);
                chunk = reader.next();
            }
            listener.onSnapshotFinished();
        }
    }

    /** A newer snapshot is damaged: an older one will do only when the log has everything since. */
    private void requireLogBehind(long base) throws LogDamagedException {
        if (damagedSnapshot != null && (segments.isEmpty() || segments.get(0) > base + 1)) {
            throw unusable(damagedSnapshot);
        }
    }

    private static LogDamagedException unusable(LogDamagedException snapshot) {
        return new LogDamagedException(
                snapshot.file(),
                snapshot.offset(),
                snapshot.index(),
                "The snapshot is damaged, and without it neither an older one nor the log reaches as far",
                snapshot);
    }

    private WriteAheadLog replay(long base) throws IOException {
        if (segments.isEmpty()) {
            LOG.warn(
                    "There is no log beside the snapshot of index {}. Going on from there; entries behind it, if there "
                            + "were any, are gone.",
                    base);
            return WriteAheadLog.starting(directory, config, knownId(), background, base);
        }
        int i = firstNeeded(base);
        long expected = segments.get(i);
        while (i < segments.size() - 1) {
            expected = replayInner(segments.get(i), segments.get(i + 1), base);
            i++;
        }
        return replayNewest(expected, base);
    }

    private int firstNeeded(long base) throws LogDamagedException {
        int i = segments.size() - 1;
        while (i >= 0 && segments.get(i) > base + 1) {
            i--;
        }
        if (i < 0) {
            long first = segments.get(0);
            throw missing(
                    base + 1,
                    "The log begins with entry " + first + ", but "
                            + (base == 0 ? "there is no snapshot" : "the snapshot ends at " + base));
        }
        return i;
    }

    /** A segment that has a successor was whole on the disk before that one got its name. */
    private long replayInner(long first, long next, long base) throws IOException {
        try (SegmentReader reader = SegmentReader.open(directory, first, logId)) {
            logId = reader.logId();
            Scan scan = new Scan(reader, first);
            scan.readAll(base);
            if (scan.expected < next) {
                if (scan.sealed || reader.atCleanEnd()) {
                    throw missing(
                            scan.expected,
                            "Segment " + LogFormat.segmentName(first) + " ends at index " + (scan.expected - 1)
                                    + " and the next one begins at " + next);
                }
                throw damaged(first, reader.position(), scan.expected);
            }
            if (scan.expected > next) {
                throw new LogDamagedException(path(next), 0, next, "Two segments hold the same entries", null);
            }
            return next;
        }
    }

    private WriteAheadLog replayNewest(long first, long base) throws IOException {
        long fileBytes;
        long end;
        boolean clean;
        Scan scan;
        try (SegmentReader reader = SegmentReader.open(directory, first, logId)) {
            logId = reader.logId();
            scan = new Scan(reader, first);
            scan.readAll(base);
            end = reader.position();
            fileBytes = reader.fileSize();
            clean = reader.atCleanEnd();
            if (scan.sealed) {
                throw missing(scan.expected, "The segment behind " + LogFormat.segmentName(first) + " is gone");
            }
            if (!clean && reader.provesSynced(scan.expected)) {
                throw damaged(first, end, scan.expected);
            }
        }
        long lastIndex = scan.expected - 1;
        checkAgainstDamagedSnapshot(lastIndex, base);
        if (lastIndex < base) {
            warnLogEndsBefore(base, lastIndex);
            return WriteAheadLog.starting(directory, config, knownId(), background, base);
        }
        LogFile file = directory.open(LogFormat.segmentName(first));
        try {
            if (!clean) {
                LOG.info(
                        "Cut {} bytes off {} at offset {}: a write behind index {} that a crash had left unfinished",
                        fileBytes - end,
                        path(first),
                        end,
                        lastIndex);
                file.truncateDurably(end);
            }
            long synced = makeDurable(file, scan, end, lastIndex);
            byte[] salt = LogFormat.readHeader(
                            directory, LogFormat.segmentName(first), file, LogFormat.SEGMENT_MAGIC, first, logId)
                    .salt();
            return WriteAheadLog.continued(
                    directory,
                    config,
                    knownId(),
                    background,
                    file,
                    new WriteAheadLog.Tail(salt, file.size(), first, end, lastIndex, synced, scan.confirmed));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * The snapshot holds all that the missing entries did, so the server starts from it. What came behind the snapshot, if
     * anything did, cannot be known: no file tells with which durability it was written.
     */
    private void warnLogEndsBefore(long base, long lastIndex) {
        LOG.warn(
                "The log ends at index {}, before the snapshot of index {}. Going on from the snapshot; entries behind it, "
                        + "if there were any, are gone. {}",
                lastIndex,
                base,
                config.durability() == Durability.NO_FSYNC
                        ? "Without fsync a loss of power does this."
                        : "With fsync a log never falls behind: it was written without, or its files were cut, replaced "
                                + "or damaged.");
    }

    /**
     * What was read may be in the system's memory only, and after a failed sync the system takes it for written. So before
     * anyone sees the entries that no record confirms, they are written again and synced; and with them the record that
     * confirms the others, because what comes behind it cannot be read without it.
     */
    private long makeDurable(LogFile file, Scan scan, long end, long lastIndex) throws IOException {
        if (config.durability() == Durability.NO_FSYNC) {
            return scan.confirmed;
        }
        if (scan.confirmedPosition < end) {
            ByteBuffer copy = ByteBuffer.allocateDirect((int) Math.min(COPY_BYTES, end - scan.confirmedPosition));
            for (long at = scan.confirmedPosition; at < end; at += copy.capacity()) {
                copy.clear().limit((int) Math.min(copy.capacity(), end - at));
                file.read(copy, at);
                file.write(copy.flip(), at);
            }
            file.sync();
        }
        return lastIndex;
    }

    private void checkAgainstDamagedSnapshot(long lastIndex, long base) throws LogDamagedException {
        @Nullable LogDamagedException snapshot = damagedSnapshot;
        if (snapshot == null) {
            return;
        }
        if (lastIndex < snapshot.index()) {
            throw unusable(snapshot);
        }
        LOG.warn(
                "Snapshot {} is damaged at offset {}. Nothing is lost: {} and the log behind it were used instead.",
                snapshot.file(),
                snapshot.offset(),
                base == 0 ? "the empty state" : "the snapshot of index " + base);
    }

    private UUID knownId() {
        if (logId == null) {
            throw new IllegalStateException("no file was read");
        }
        return logId;
    }

    private String path(long segment) {
        return directory.describe(LogFormat.segmentName(segment));
    }

    private LogDamagedException missing(long index, String what) {
        return new LogDamagedException(path(index), 0, index, what + ": this segment is missing", null);
    }

    private LogDamagedException damaged(long segment, long offset, long index) {
        return new LogDamagedException(
                path(segment), offset, index, "A log record that had been made durable is damaged", null);
    }

    /** One pass over a segment. */
    private final class Scan {
        private final SegmentReader reader;
        private final long first;
        private long expected;
        private boolean sealed;
        /** The highest index that a record of this segment, or its very existence, says to be synced. */
        private long confirmed;
        /** Where the first record lies that says so; all before it is confirmed. */
        private long confirmedPosition = LogFormat.HEADER_BYTES;

        Scan(SegmentReader reader, long first) {
            this.reader = reader;
            this.first = first;
            this.expected = first;
            this.confirmed = first - 1;
        }

        void readAll(long base) throws IOException {
            long start = reader.position();
            while (reader.next(expected)) {
                if (reader.synced() > confirmed) {
                    confirmed = reader.synced();
                    confirmedPosition = start;
                }
                if (reader.kind() == LogFormat.ENTRY) {
                    if (expected > base) {
                        deliver(start);
                    }
                    expected++;
                } else if (reader.kind() == LogFormat.SEAL) {
                    sealed = true;
                }
                start = reader.position();
            }
        }

        private void deliver(long offset) throws LogDamagedException {
            ByteBuf payload = reader.payload();
            entryBytes += payload.readableBytes() + LogFormat.RECORD_HEADER_BYTES;
            try {
                listener.onEntry(expected, payload);
            } catch (CancellationException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new LogDamagedException(
                        path(first), offset, expected, "A log entry is whole but cannot be understood", e);
            }
        }
    }
}
