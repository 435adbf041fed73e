package io.coord.server.internal.log;

/**
 * @param firstSegmentBytes size of a new log's first segment; later ones grow fourfold, up to {@code segmentBytes}
 * @param segmentBytes size from which on a segment is followed by the next
 * @param zeroFill whether segments are filled with zeros before they are used, so that a sync has no blocks to allocate;
 *     not those that large batches fill
 * @param snapshotEntries entries behind the last snapshot that make the next one due
 * @param snapshotBytes bytes of log behind the last snapshot that make the next one due
 * @param retainedSnapshots how many are kept, with the log behind the oldest of them; at least 2, or 0 for all
 * @param confirmAfterIdleMs after how long without a write the log notes that all before is synced; 0 for at once
 * @param quietMs after how long with little written a snapshot is taken that nobody waits for; 0 for never
 * @param closingSnapshotBytes how large a snapshot may become that an orderly close waits for; 0 for none
 */
public record LogConfig(
        Durability durability,
        int firstSegmentBytes,
        int segmentBytes,
        boolean zeroFill,
        long snapshotEntries,
        long snapshotBytes,
        int retainedSnapshots,
        int confirmAfterIdleMs,
        int quietMs,
        int closingSnapshotBytes) {
    public static final LogConfig DEFAULT =
            new LogConfig(Durability.FSYNC, 1 << 20, 64 << 20, true, 400_000, 64L << 20, 3, 50, 30_000, 8 << 20);

    public LogConfig {
        if (firstSegmentBytes < LogFormat.HEADER_BYTES || segmentBytes < firstSegmentBytes) {
            throw new IllegalArgumentException("segments of " + firstSegmentBytes + " to " + segmentBytes + " bytes");
        }
        if (snapshotEntries < 1 || snapshotBytes < 1) {
            throw new IllegalArgumentException(
                    "a snapshot every " + snapshotEntries + " entries or " + snapshotBytes + " bytes");
        }
        if (retainedSnapshots < 0 || retainedSnapshots == 1) {
            throw new IllegalArgumentException(retainedSnapshots + " retained snapshots, 2 are the fewest");
        }
        if (confirmAfterIdleMs < 0) {
            throw new IllegalArgumentException("confirmAfterIdleMs " + confirmAfterIdleMs);
        }
        if (quietMs < 0 || closingSnapshotBytes < 0) {
            throw new IllegalArgumentException("quietMs " + quietMs + ", closingSnapshotBytes " + closingSnapshotBytes);
        }
    }

    public LogConfig withDurability(Durability value) {
        return new LogConfig(
                value,
                firstSegmentBytes,
                segmentBytes,
                zeroFill,
                snapshotEntries,
                snapshotBytes,
                retainedSnapshots,
                confirmAfterIdleMs,
                quietMs,
                closingSnapshotBytes);
    }

    public LogConfig withSegmentBytes(int first, int highest) {
        return new LogConfig(
                durability,
                first,
                highest,
                zeroFill,
                snapshotEntries,
                snapshotBytes,
                retainedSnapshots,
                confirmAfterIdleMs,
                quietMs,
                closingSnapshotBytes);
    }

    public LogConfig withZeroFill(boolean value) {
        return new LogConfig(
                durability,
                firstSegmentBytes,
                segmentBytes,
                value,
                snapshotEntries,
                snapshotBytes,
                retainedSnapshots,
                confirmAfterIdleMs,
                quietMs,
                closingSnapshotBytes);
    }

    public LogConfig withSnapshotEvery(long entries, long bytes) {
        return new LogConfig(
                durability,
                firstSegmentBytes,
                segmentBytes,
                zeroFill,
                entries,
                bytes,
                retainedSnapshots,
                confirmAfterIdleMs,
                quietMs,
                closingSnapshotBytes);
    }

    public LogConfig withRetainedSnapshots(int value) {
        return new LogConfig(
                durability,
                firstSegmentBytes,
                segmentBytes,
                zeroFill,
                snapshotEntries,
                snapshotBytes,
                value,
                confirmAfterIdleMs,
                quietMs,
                closingSnapshotBytes);
    }

    public LogConfig withConfirmAfterIdleMs(int value) {
        return new LogConfig(
                durability,
                firstSegmentBytes,
                segmentBytes,
                zeroFill,
                snapshotEntries,
                snapshotBytes,
                retainedSnapshots,
                value,
                quietMs,
                closingSnapshotBytes);
    }

    public LogConfig withQuietSnapshots(int afterMs, int closingBytes) {
        return new LogConfig(
                durability,
                firstSegmentBytes,
                segmentBytes,
                zeroFill,
                snapshotEntries,
                snapshotBytes,
                retainedSnapshots,
                confirmAfterIdleMs,
                afterMs,
                closingBytes);
    }
}
