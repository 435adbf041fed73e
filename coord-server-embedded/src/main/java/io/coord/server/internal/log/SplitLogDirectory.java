package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Snapshots in one directory, the log in another, so that each can have a disk of its own. A name says where its file belongs.
 * Thread-safe as the two are.
 */
final class SplitLogDirectory implements LogDirectory {
    private final LogDirectory snapshots;
    private final LogDirectory segments;

    SplitLogDirectory(LogDirectory snapshots, LogDirectory segments) {
        this.snapshots = snapshots;
        this.segments = segments;
    }

    private LogDirectory of(String name) {
        return LogFormat.isOfSnapshots(name) ? snapshots : segments;
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        for (String each : snapshots.list()) {
            if (LogFormat.isOfSnapshots(each)) {
                names.add(each);
            }
        }
        for (String each : segments.list()) {
            if (!LogFormat.isOfSnapshots(each)) {
                names.add(each);
            }
        }
        return names;
    }

    @Override
    public LogFile create(String name) throws IOException {
        return of(name).create(name);
    }

    @Override
    public LogFile open(String name) throws IOException {
        return of(name).open(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        of(from).rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        of(name).delete(name);
    }

    @Override
    public void sync() throws IOException {
        snapshots.sync();
        segments.sync();
    }

    @Override
    public Closeable lock(String name) throws IOException {
        Closeable first = snapshots.lock(name);
        try {
            Closeable second = segments.lock(name);
            return () -> {
                try (first) {
                    second.close();
                }
            };
        } catch (IOException | RuntimeException e) {
            try {
                first.close();
            } catch (IOException ignored) {
                e.addSuppressed(ignored);
            }
            throw e;
        }
    }

    @Override
    public String describe(String name) {
        return of(name).describe(name);
    }
}
