package io.coord.server.internal.backup;

import io.coord.server.internal.inspection.StateReplay;
import io.coord.server.internal.log.DiskLogDirectory;
import io.coord.server.internal.log.FreshDirectory;
import io.coord.server.internal.log.LogCopy;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.log.RecoveryListener;
import io.coord.server.internal.replication.CommandCodec;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes backups: a snapshot and the log behind it, up to one entry, in a directory or in a gzipped tar. The server whose files
 * these are may go on working. A backup has its name only when it was read back whole.
 */
public final class Backup {
    private static final String UNFINISHED = ".unfinished";
    private static final String ARCHIVE = ".tar.gz";
    private static final String SHORT_ARCHIVE = ".tgz";

    private Backup() {}

    /**
     * What the server's state is at an entry of its log.
     *
     * @param timeMs of the last transaction, wall-clock milliseconds
     */
    public record Moment(long index, long zxid, long timeMs) {}

    /**
     * Saves the state of one moment, without making it anew: only checksums and entries are gone over, so that it costs the
     * process no memory for a second state.
     *
     * @param target a directory, or a file whose name ends in {@code .tar.gz}; must not exist, or be an empty directory
     * @param history whether older snapshots are saved, too, with the log behind them: then earlier moments can be restored
     * @throws BackupException when there is something in the target's place
     */
    public static BackupReport at(Moment moment, LogDirectory source, Path target, boolean history) throws IOException {
        return make(source, target, moment, history);
    }

    /** As {@link #at}, of all that the log has by now; goes over it as a start would, to find out which moment that is. */
    public static BackupReport now(LogDirectory source, Path target, boolean history) throws IOException {
        return make(source, target, null, history);
    }

    static boolean isArchive(Path file) {
        String name = file.toString();
        return name.endsWith(ARCHIVE) || name.endsWith(SHORT_ARCHIVE);
    }

    private static BackupReport make(LogDirectory source, Path target, @Nullable Moment known, boolean history)
            throws IOException {
        boolean archive = isArchive(target);
        FreshDirectory fresh = fresh(target, archive);
        boolean published = false;
        try {
            LogCopy.Result copied = LogCopy.copy(
                    source,
                    new DiskLogDirectory(fresh.path()),
                    known == null ? LogCopy.EVERYTHING : known.index(),
                    history);
            Moment moment = readBack(fresh.path(), known);
            BackupManifest manifest = manifest(fresh.path(), copied, moment);
            manifest.write(fresh.path());
            if (archive) {
                pack(fresh.path(), manifest, target.toAbsolutePath().normalize());
            } else {
                fresh.publish();
                published = true;
            }
            return new BackupReport(
                    target.toAbsolutePath().normalize(),
                    copied.snapshotIndex(),
                    moment.index(),
                    moment.zxid(),
                    moment.timeMs(),
                    copied.names().size(),
                    manifest.files().values().stream()
                            .mapToLong(BackupManifest.FileSum::bytes)
                            .sum());
        } finally {
            if (!published) {
                fresh.discard();
            }
        }
    }

    private static FreshDirectory fresh(Path target, boolean archive) throws IOException {
        if (archive && Files.exists(target)) {
            throw new BackupException(target + " exists: a backup never replaces anything");
        }
        try {
            return FreshDirectory.beside(target, UNFINISHED);
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            throw new BackupException(target + " is not an empty directory: a backup never replaces anything", e);
        }
    }

    private static Moment readBack(Path copy, @Nullable Moment known) throws IOException {
        if (known == null) {
            StateReplay replay = new StateReplay();
            LogRecovery.recoverOnce(copy, replay);
            return new Moment(
                    replay.lastIndex(),
                    replay.state().lastZxid(),
                    replay.state().lastTimeMs());
        }
        long last = LogRecovery.recoverOnce(copy, new Understood());
        if (last != known.index()) {
            throw new BackupException("The copy in " + copy + " ends at index " + last + ", not " + known.index());
        }
        return known;
    }

    private static BackupManifest manifest(Path copy, LogCopy.Result copied, Moment moment) throws IOException {
        Map<String, BackupManifest.FileSum> files = new TreeMap<>();
        for (String name : copied.names()) {
            files.put(name, BackupManifest.FileSum.of(copy.resolve(name)));
        }
        return new BackupManifest(
                System.currentTimeMillis(),
                copied.snapshotIndex(),
                moment.index(),
                moment.zxid(),
                moment.timeMs(),
                files);
    }

    private static void pack(Path copy, BackupManifest manifest, Path target) throws IOException {
        Path unfinished = copy.resolveSibling(copy.getFileName() + ARCHIVE);
        try {
            List<String> names = new ArrayList<>(List.of(BackupManifest.NAME));
            names.addAll(manifest.files().keySet());
            TarArchive.write(unfinished, copy, names);
            TarArchive.requireSame(unfinished, manifest);
            if (Files.exists(target)) {
                throw new BackupException(target + " exists by now: a backup never replaces anything");
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            FreshDirectory.syncParent(target);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Goes over snapshot and entries without keeping any of it. */
    private static final class Understood implements RecoveryListener {
        private final CommandCodec codec = new CommandCodec();

        @Override
        public void onSnapshotStarted(long lastIndex) {
            // Its checksums were looked at.
        }

        @Override
        public void onSnapshotChunk(ByteBuf chunk) {
            chunk.release();
        }

        @Override
        public void onSnapshotFinished() {
            // Nothing was kept.
        }

        @Override
        public void onEntry(long index, ByteBuf entry) {
            codec.decode(entry);
        }
    }
}
