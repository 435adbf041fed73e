package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Copies a log and its snapshots up to an index, also from a directory that a server works in: the copy recovers to the state
 * that this index left. The files are opened before anything is copied, so that none can vanish on the way; where retention
 * was faster, the copy begins anew. The caller's thread.
 */
public final class LogCopy {
    /** Copies all that the log has, written and whole. */
    public static final long EVERYTHING = Long.MAX_VALUE;

    private static final int ATTEMPTS = 10;

    private final LogDirectory source;
    private final LogDirectory target;
    private final long limit;
    private final boolean history;
    private final List<Closeable> open = new ArrayList<>();
    private @Nullable UUID logId;

    private LogCopy(LogDirectory source, LogDirectory target, long limit, boolean history) {
        this.source = source;
        this.target = target;
        this.limit = limit;
        this.history = history;
    }

    /**
     * What was copied, durably.
     *
     * @param snapshotIndex of the newest snapshot, 0 for none
     * @param lastIndex of the last entry
     * @param names of the files
     */
    public record Result(long snapshotIndex, long lastIndex, List<String> names) {}

    /**
     * @param target empty
     * @param limit the last index that is copied, or {@link #EVERYTHING}
     * @param history whether older snapshots are copied, too, with the log behind them; else the newest that is whole
     * @throws LogDamagedException when something that must be copied is damaged or missing; what is in the target is of no use
     */
    public static Result copy(LogDirectory source, LogDirectory target, long limit, boolean history)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            LogCopy copy = new LogCopy(source, target, limit, history);
            try {
                List<SnapshotReader> snapshots = new ArrayList<>();
                List<Segment> segments = new ArrayList<>();
                copy.openAll(snapshots, segments);
                return copy.copyAll(snapshots, segments);
            } catch (NoSuchFileException | FileNotFoundException e) {
                // Retention was faster: there is a newer snapshot instead.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } finally {
                for (Closeable each : copy.open) {
                    each.close();
                }
            }
        }
    }

    private record Segment(long first, SegmentReader reader) {}

    private void openAll(List<SnapshotReader> snapshots, List<Segment> segments) throws IOException {
        List<String> names = source.list();
        long base = 0;
        for (long each : SnapshotStore.snapshots(names)) {
            if (each <= limit && (history || snapshots.isEmpty())) {
                @Nullable SnapshotReader whole = openWhole(each);
                if (whole != null) {
                    base = Math.max(base, each);
                    snapshots.add(whole);
                }
            }
        }
        List<Long> firsts = SnapshotStore.segments(names);
        for (int i = 0; i < firsts.size(); i++) {
            boolean needed = history || i + 1 == firsts.size() || firsts.get(i + 1) > base + 1;
            if (needed && firsts.get(i) <= Math.max(limit, base + 1)) {
                SegmentReader reader = SegmentReader.open(source, firsts.get(i), logId);
                open.add(reader);
                logId = reader.logId();
                segments.add(new Segment(firsts.get(i), reader));
            }
        }
        if (segments.isEmpty() || segments.get(0).first > base + 1) {
            String expected = LogFormat.segmentName(base + 1);
            throw new LogDamagedException(
                    source.describe(expected), 0, base + 1, "The log does not reach back to a whole snapshot", null);
        }
    }

    /** Null when it is damaged: an older one has to do. */
    private @Nullable SnapshotReader openWhole(long index) throws IOException {
        SnapshotReader reader = SnapshotReader.open(source, index, logId);
        try {
            boolean more = reader.check();
            while (more) {
                more = reader.check();
            }
        } catch (LogDamagedException e) {
            reader.close();
            return null;
        }
        open.add(reader);
        logId = reader.logId();
        return reader;
    }

    private Result copyAll(List<SnapshotReader> snapshots, List<Segment> segments) throws IOException {
        List<String> names = new ArrayList<>();
        long base = 0;
        for (SnapshotReader each : snapshots) {
            String name = LogFormat.snapshotName(each.index());
            try (LogFile file = target.create(name)) {
                each.copyTo(file);
                file.sync();
            }
            names.add(name);
            base = Math.max(base, each.index());
        }
        long last = 0;
        for (int i = 0; i < segments.size() && (i == 0 || last < limit); i++) {
            Segment segment = segments.get(i);
            long next = i + 1 < segments.size() ? segments.get(i + 1).first : -1;
            last = copySegment(segment, next);
            names.add(LogFormat.segmentName(segment.first));
        }
        target.sync();
        if (limit != EVERYTHING && last < limit) {
            throw new LogDamagedException(
                    source.describe(names.get(names.size() - 1)),
                    0,
                    last + 1,
                    "The log ends before index " + limit,
                    null);
        }
        return new Result(base, Math.max(base, last), names);
    }

    /**
     * @param next the first index of the segment behind it, -1 when it is the last
     * @return the last index that was copied
     */
    private long copySegment(Segment segment, long next) throws IOException {
        SegmentReader reader = segment.reader;
        long expected = segment.first;
        long end = reader.position();
        while (expected <= limit && hasNext(reader, expected)) {
            if (reader.kind() == LogFormat.ENTRY) {
                expected++;
            }
            // A seal says that there is another segment, which the copy of the last one may not have.
            if (reader.kind() != LogFormat.SEAL || next >= 0) {
                end = reader.position();
            }
        }
        if (expected <= limit && next >= 0 && expected != next) {
            throw new LogDamagedException(
                    source.describe(LogFormat.segmentName(segment.first)),
                    reader.position(),
                    expected,
                    "A log record that had been made durable is damaged or missing",
                    null);
        }
        try (LogFile file = target.create(LogFormat.segmentName(segment.first))) {
            reader.copyTo(file, end);
            file.sync();
        }
        return expected - 1;
    }

    /** A writer may be at work: what proves damage may have come after what it seems to prove was looked at. */
    private boolean hasNext(SegmentReader reader, long expected) throws IOException {
        if (reader.next(expected)) {
            return true;
        }
        if (!reader.provesSynced(expected)) {
            return false;
        }
        reader.refresh();
        if (reader.next(expected)) {
            return true;
        }
        throw new LogDamagedException(
                source.describe(LogFormat.segmentName(expected)),
                reader.position(),
                expected,
                "A log record that had been made durable is damaged",
                null);
    }
}
