package io.coord.server.internal.migration;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a ZooKeeper server: {@code snapshot.<zxid>} and {@code log.<zxid>} in {@code version-2}, the number in hexadecimal.
 *
 * @param snapshots newest first
 * @param logs oldest first
 */
record ZooKeeperFiles(List<Snapshot> snapshots, List<Log> logs) {
    private static final String VERSION_DIRECTORY = "version-2";
    private static final int RADIX = 16;

    /** @param zxid the last transaction that is surely in it; later ones may be in part */
    record Snapshot(Path file, long zxid, Compression compression) {}

    /** @param zxid of its first transaction */
    record Log(Path file, long zxid) {}

    enum Compression {
        NONE(""),
        GZIP(".gz"),
        SNAPPY(".snappy");

        private final String suffix;

        Compression(String suffix) {
            this.suffix = suffix;
        }
    }

    /**
     * @param dataDir ZooKeeper's {@code dataDir}, or its {@code version-2}
     * @param dataLogDir likewise, where logs are kept apart; null when they are not
     * @throws ImportRefusedException when there is neither a snapshot nor a log
     */
    static ZooKeeperFiles find(Path dataDir, @Nullable Path dataLogDir) throws IOException {
        Path snapshotDir = versionDirectory(dataDir);
        Path logDir = dataLogDir == null ? snapshotDir : versionDirectory(dataLogDir);
        List<Snapshot> snapshots = new ArrayList<>();
        List<Log> logs = new ArrayList<>();
        for (Path file : list(snapshotDir)) {
            addSnapshot(file, snapshots);
        }
        for (Path file : list(logDir)) {
            long zxid = zxidIn(file, "log.", "");
            if (zxid >= 0) {
                logs.add(new Log(file, zxid));
            }
        }
        if (snapshots.isEmpty() && logs.isEmpty()) {
            throw new ImportRefusedException("There is neither a snapshot nor a log of ZooKeeper in " + snapshotDir
                    + (snapshotDir.equals(logDir) ? "" : " or " + logDir));
        }
        snapshots.sort(Comparator.comparingLong(Snapshot::zxid).reversed());
        logs.sort(Comparator.comparingLong(Log::zxid));
        return new ZooKeeperFiles(snapshots, logs);
    }

    private static void addSnapshot(Path file, List<Snapshot> snapshots) {
        for (Compression each : Compression.values()) {
            long zxid = zxidIn(file, "snapshot.", each.suffix);
            if (zxid >= 0) {
                snapshots.add(new Snapshot(file, zxid, each));
            }
        }
    }

    private static Path versionDirectory(Path given) throws IOException {
        Path inner = given.resolve(VERSION_DIRECTORY);
        if (Files.isDirectory(inner)) {
            return inner;
        }
        if (!Files.isDirectory(given)) {
            throw new ImportRefusedException("There is no directory " + given);
        }
        return given;
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isRegularFile)) {
            entries.forEach(files::add);
        }
        return files;
    }

    private static long zxidIn(Path file, String prefix, String suffix) {
        String name = file.getFileName().toString();
        if (!name.startsWith(prefix) || !name.endsWith(suffix)) {
            return -1;
        }
        String digits = name.substring(prefix.length(), name.length() - suffix.length());
        try {
            return digits.startsWith("-") || digits.startsWith("+") ? -1 : Long.parseUnsignedLong(digits, RADIX);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
