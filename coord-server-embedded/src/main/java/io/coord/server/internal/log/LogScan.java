package io.coord.server.internal.log;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes over what a directory holds without changing it, past damage where that is safe: a record or a chunk has a checksum that
 * ties it to its file, so one behind a damaged place is as good as any. A server may work in the directory. The caller's
 * thread.
 */
public final class LogScan {
    /** Is told of the log's entries, in their order. Each method answers whether to go on. */
    public interface EntryVisitor {
        /**
         * @param offset in bytes from the start of the file
         * @param entry valid during the call
         */
        boolean onEntry(String file, long offset, long index, ByteBuf entry) throws IOException;

        /** Entries from {@code index} on are damaged or missing; what comes next has a higher one. */
        boolean onDamage(String file, long offset, long index, String what) throws IOException;

        /** The log ends with the rest of a write that was never finished, or is being written at this moment. */
        void onUnfinished(String file, long offset, long bytes) throws IOException;
    }

    /** Is told of a snapshot's chunks, in their order. */
    public interface ChunkVisitor {
        /**
         * @param offset in bytes from the start of the file
         * @param chunk owned by the visitor
         * @return whether to go on
         */
        boolean onChunk(String file, long offset, ByteBuf chunk) throws IOException;

        /**
         * @param goesOn whether chunks may follow; else the rest of the file is lost
         * @return whether to go on
         */
        boolean onDamage(String file, long offset, String what, boolean goesOn) throws IOException;
    }

    private static final long STOPPED = -2;
    private static final long ENDED = -1;

    private final LogDirectory directory;
    private final EntryVisitor visitor;
    private final long from;

    private LogScan(LogDirectory directory, long from, EntryVisitor visitor) {
        this.directory = directory;
        this.from = from;
        this.visitor = visitor;
    }

    /** The last indexes of all snapshots, newest first. */
    public static List<Long> snapshots(LogDirectory directory) throws IOException {
        return SnapshotStore.snapshots(directory.list());
    }

    /** The first indexes of all segments of the log, ascending. */
    public static List<Long> segments(LogDirectory directory) throws IOException {
        return SnapshotStore.segments(directory.list());
    }

    public static String snapshotFile(LogDirectory directory, long index) {
        return directory.describe(LogFormat.snapshotName(index));
    }

    /** The last entry that a snapshot's name says it includes, -1 when it is no such name. */
    public static long snapshotIndex(String name) {
        return LogFormat.snapshotIndex(name);
    }

    /**
     * Goes over the log.
     *
     * @param from the first index that is told
     */
    public static void entries(LogDirectory directory, long from, EntryVisitor visitor) throws IOException {
        new LogScan(directory, from, visitor).scan();
    }

    /** Goes over one snapshot. */
    public static void snapshot(LogDirectory directory, long index, ChunkVisitor visitor) throws IOException {
        String path = snapshotFile(directory, index);
        try (SnapshotReader reader = SnapshotReader.open(directory, index, null)) {
            boolean more = true;
            while (more) {
                long offset = reader.position();
                try {
                    @Nullable ByteBuf chunk = reader.next();
                    more = chunk != null && visitor.onChunk(path, offset, chunk);
                } catch (LogDamagedException e) {
                    boolean goesOn = reader.skipDamaged();
                    more = visitor.onDamage(path, offset, e.what(), goesOn) && goesOn;
                }
            }
        } catch (LogDamagedException e) {
            visitor.onDamage(path, e.offset(), e.what(), false);
        }
    }

    private void scan() throws IOException {
        List<Long> firsts = SnapshotStore.segments(directory.list());
        long expected = -1;
        for (int i = 0; i < firsts.size(); i++) {
            long next = i + 1 < firsts.size() ? firsts.get(i + 1) : Long.MAX_VALUE;
            if (next <= from) {
                continue;
            }
            long first = firsts.get(i);
            if (expected >= 0 && first != expected) {
                if (!visitor.onDamage(
                        path(first), 0, expected, "Entries are missing: this segment begins with index " + first)) {
                    return;
                }
            }
            expected = scan(first, i + 1 == firsts.size());
            if (expected < 0) {
                return;
            }
        }
    }

    /** @return the index that comes next, -1 when the visitor has had enough */
    private long scan(long first, boolean newest) throws IOException {
        try (SegmentReader reader = SegmentReader.open(directory, first, null)) {
            long expected = first;
            while (true) {
                long offset = reader.position();
                if (reader.next(expected)) {
                    if (reader.kind() == LogFormat.ENTRY) {
                        if (expected >= from && !visitor.onEntry(path(first), offset, expected, reader.payload())) {
                            return -1;
                        }
                        expected++;
                    }
                } else if (reader.atCleanEnd()) {
                    return expected;
                } else {
                    long resumed = resume(reader, first, expected, newest);
                    if (resumed < 0) {
                        return resumed == STOPPED ? -1 : expected;
                    }
                    expected = resumed;
                }
            }
        } catch (LogDamagedException e) {
            return visitor.onDamage(path(first), e.offset(), first, e.what()) ? first : -1;
        } catch (NoSuchFileException e) {
            return visitor.onDamage(path(first), 0, first, "The file was removed meanwhile") ? first : -1;
        }
    }

    /** @return the index to go on with, or {@link #STOPPED}, or {@link #ENDED} */
    private long resume(SegmentReader reader, long first, long expected, boolean newest) throws IOException {
        long offset = reader.position();
        if (newest && !reader.provesSynced(expected)) {
            visitor.onUnfinished(path(first), offset, reader.fileSize() - offset);
            return ENDED;
        }
        // A writer may have gone on since this place was looked at.
        reader.refresh();
        if (reader.isAt(expected)) {
            return expected;
        }
        boolean found = reader.skipToRecord();
        long index = found ? reader.indexOfNextEntry() : expected;
        String what = found
                ? "Damaged up to offset " + reader.position() + ": entries " + expected + " to " + (index - 1)
                : "Damaged to the end of the file, from entry " + expected + " on";
        if (!visitor.onDamage(path(first), offset, expected, what)) {
            return STOPPED;
        }
        return found ? index : ENDED;
    }

    private String path(long first) {
        return directory.describe(LogFormat.segmentName(first));
    }
}
