package io.coord.server.internal.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a server's files are: snapshots in the data directory, and the log there, too, or in a directory of its own. In the
 * latter case the data directory has a file that names the other one, so that neither a start nor a look at the files forgets
 * the log. Immutable.
 */
public final class DataDirectories {
    /** Names the log's directory, in UTF-8. */
    static final String LOG_DIRECTORY = "log-directory";

    private final Path data;
    private final Path log;

    private DataDirectories(Path data, Path log) {
        this.data = data.toAbsolutePath().normalize();
        this.log = log.toAbsolutePath().normalize();
    }

    /** @param log null when the log is in the data directory */
    public static DataDirectories of(Path data, @Nullable Path log) {
        return new DataDirectories(data, log == null ? data : log);
    }

    /** The directories of a server that has worked in {@code data}, wherever its log is. */
    public static DataDirectories existing(Path data) throws IOException {
        return of(data, noted(data.toAbsolutePath().normalize()));
    }

    public Path data() {
        return data;
    }

    public Path log() {
        return log;
    }

    /**
     * For a server to work in; made when they are not there.
     *
     * @throws LogMismatchException when there is a log elsewhere that would be forgotten
     */
    public LogDirectory open() throws IOException {
        LogDirectory snapshots = new DiskLogDirectory(data);
        @Nullable Path noted = noted(data);
        if (log.equals(data)) {
            if (noted != null && !noted.equals(data)) {
                throw new LogMismatchException("The log of " + data + " is in " + noted + ", as " + LOG_DIRECTORY
                        + " there says. Set dataLogDir to that, or move the files segment-*.log into " + data
                        + " and delete " + data.resolve(LOG_DIRECTORY) + ".");
            }
            return snapshots;
        }
        LogDirectory segments = new DiskLogDirectory(log);
        requireLogApart(snapshots.list(), segments.list());
        if (!log.equals(noted)) {
            if (noted != null && SnapshotStore.segments(segments.list()).isEmpty()) {
                throw new LogMismatchException("The log of " + data + " was in " + noted + ", and there is none in "
                        + log + ". Move the files segment-*.log there first.");
            }
            note();
        }
        return new SplitLogDirectory(snapshots, segments);
    }

    /** To be looked at, while a server may work in them. */
    public LogDirectory openToRead() throws IOException {
        LogDirectory snapshots = new ReadOnlyLogDirectory(data);
        return log.equals(data) ? snapshots : new SplitLogDirectory(snapshots, new ReadOnlyLogDirectory(log));
    }

    private void requireLogApart(List<String> inData, List<String> inLog) throws LogMismatchException {
        if (!SnapshotStore.segments(inData).isEmpty()) {
            throw new LogMismatchException("The log is to be in " + log + ", but there is one in " + data
                    + ". Move the files segment-*.log there, or leave dataLogDir out.");
        }
        if (!SnapshotStore.snapshots(inLog).isEmpty()) {
            throw new LogMismatchException("Snapshots are to be in " + data + ", but there are some in " + log
                    + ". Move the files snapshot-*.snap there, or set dataDir and dataLogDir the other way round.");
        }
        if (SnapshotStore.segments(inLog).isEmpty()
                && !SnapshotStore.snapshots(inData).isEmpty()) {
            throw new LogMismatchException("There are snapshots in " + data + ", but no log in " + log
                    + ". Set dataLogDir to where the log is.");
        }
    }

    private void note() throws IOException {
        Path temporary = data.resolve(LOG_DIRECTORY + LogFormat.TEMPORARY);
        Files.write(
                temporary,
                log.toString().getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        new DiskLogDirectory(data).rename(temporary.getFileName().toString(), LOG_DIRECTORY);
        FreshDirectory.sync(data);
    }

    private static @Nullable Path noted(Path data) throws IOException {
        Path file = data.resolve(LOG_DIRECTORY);
        if (!Files.exists(file)) {
            return null;
        }
        String text = Files.readString(file).strip();
        if (text.isEmpty()) {
            throw new FileSystemException(file.toString(), null, "does not name the directory of the log");
        }
        return Path.of(text);
    }
}
