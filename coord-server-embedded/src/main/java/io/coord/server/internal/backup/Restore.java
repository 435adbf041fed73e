package io.coord.server.internal.backup;

import io.coord.server.internal.inspection.StateReplay;
import io.coord.server.internal.log.DataDirectories;
import io.coord.server.internal.log.DiskLogDirectory;
import io.coord.server.internal.log.FreshDirectory;
import io.coord.server.internal.log.LogCopy;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.log.LogScan;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes a data directory out of a backup, or of another data directory, as it was at a moment. Written beside its place, read
 * back, and only then given its name.
 */
public final class Restore {
    private static final String UNFINISHED = ".restoring";
    private static final String UNPACKED = ".unpacking";

    private Restore() {}

    /**
     * @param source a backup, packed or not, or a data directory, also one that a server works in
     * @param target must not exist, or be an empty directory
     * @throws BackupException when the target is not empty, the source is damaged, or does not reach back to the point
     */
    public static RestoreReport run(Path source, Path target, RestorePoint point) throws IOException {
        FreshDirectory fresh = fresh(target, UNFINISHED);
        boolean published = false;
        try {
            RestoreReport report = Backup.isArchive(source)
                    ? fromArchive(source, target, fresh, point)
                    : fromDirectory(source, target, fresh, point);
            fresh.publish();
            published = true;
            return report;
        } finally {
            if (!published) {
                fresh.discard();
            }
        }
    }

    private static FreshDirectory fresh(Path target, String suffix) throws IOException {
        try {
            return FreshDirectory.beside(target, suffix);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            throw new BackupException(target + " is not an empty directory: a restore never replaces anything", e);
        }
    }

    private static RestoreReport fromArchive(Path archive, Path target, FreshDirectory fresh, RestorePoint point)
            throws IOException {
        FreshDirectory unpacked = fresh(target, UNPACKED);
        try {
            TarArchive.read(archive, unpacked.path());
            return fromDirectory(unpacked.path(), target, fresh, point);
        } finally {
            unpacked.discard();
        }
    }

    private static RestoreReport fromDirectory(Path source, Path target, FreshDirectory fresh, RestorePoint point)
            throws IOException {
        if (Files.exists(source.resolve(BackupManifest.NAME))) {
            BackupManifest.read(source).requireFiles(source);
        }
        LogDirectory from = DataDirectories.existing(source).openToRead();
        long limit = limit(from, source, point);
        LogCopy.copy(from, new DiskLogDirectory(fresh.path()), limit, false);
        StateReplay restored = new StateReplay();
        LogRecovery.recoverOnce(fresh.path(), restored);
        long zxid = restored.state().lastZxid();
        if (restored.lastIndex() != limit
                || !point.includes(zxid, restored.state().lastTimeMs())) {
            throw new BackupException(
                    "What was restored reads back up to index " + restored.lastIndex() + ", not " + limit);
        }
        return new RestoreReport(
                target.toAbsolutePath().normalize(),
                limit,
                zxid,
                restored.state().lastTimeMs(),
                restored.state().tree().size(),
                restored.state().sessions().size());
    }

    /** The last index that the point includes: found by doing again what the log says, from a snapshot that it includes. */
    private static long limit(LogDirectory from, Path source, RestorePoint point) throws IOException {
        StateReplay state = stateBefore(from, source, point);
        LastIncluded last = new LastIncluded(state, point);
        LogScan.entries(from, state.lastIndex() + 1, last);
        return last.index;
    }

    private static StateReplay stateBefore(LogDirectory from, Path source, RestorePoint point) throws IOException {
        for (long each : LogScan.snapshots(from)) {
            StateReplay state = new StateReplay();
            if (state.load(from, each)
                    && point.includes(state.state().lastZxid(), state.state().lastTimeMs())) {
                return state;
            }
        }
        List<Long> segments = LogScan.segments(from);
        if (segments.isEmpty() || segments.get(0) > 1) {
            throw new BackupException(source
                    + " has no whole snapshot of that time or before, and its log does not go back to the beginning");
        }
        return new StateReplay();
    }

    private static final class LastIncluded implements LogScan.EntryVisitor {
        private final StateReplay state;
        private final RestorePoint point;
        private long index;

        LastIncluded(StateReplay state, RestorePoint point) {
            this.state = state;
            this.point = point;
            this.index = state.lastIndex();
        }

        @Override
        public boolean onEntry(String file, long offset, long entryIndex, ByteBuf entry) {
            state.onEntry(entryIndex, entry);
            boolean included =
                    point.includes(state.state().lastZxid(), state.state().lastTimeMs());
            index = included ? entryIndex : index;
            return included;
        }

        @Override
        public boolean onDamage(String file, long offset, long entryIndex, String what) throws BackupException {
            throw new BackupException(what + " (file " + file + ", offset " + offset + ", index " + entryIndex
                    + "). What is before it can be restored: give zxid 0x"
                    + Long.toHexString(state.state().lastZxid()) + " or a lower one.");
        }

        @Override
        public void onUnfinished(String file, long offset, long bytes) {
            // A write that nobody was told of.
        }
    }
}
