package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots that are known to be whole, and what they make superfluous. Built by the log thread, then used by the
 * background thread only, until that has ended.
 */
public final class SnapshotStore implements Closeable {
    private final LogDirectory directory;
    private final UUID logId;
    private final int retained;
    /** Ascending. Only those that were read whole or written by this process. */
    private final Deque<Long> good = new ArrayDeque<>();

    private @Nullable SnapshotWriter unfinished;

    SnapshotStore(LogDirectory directory, UUID logId, int retained) {
        this.directory = directory;
        this.logId = logId;
        this.retained = retained;
    }

    void addGood(long lastIndex) {
        good.addLast(lastIndex);
    }

    /** Starts the file of a snapshot that includes all entries up to an index; one at a time. */
    public SnapshotWriter create(long lastIndex) throws IOException {
        SnapshotWriter writer = SnapshotWriter.create(directory, logId, lastIndex);
        unfinished = writer;
        return writer;
    }

    /** Gives up the snapshot that was started, if any, and removes its file. */
    public void abandon() throws IOException {
        @Nullable SnapshotWriter writer = unfinished;
        unfinished = null;
        if (writer != null) {
            writer.abandon();
        }
    }

    /** The last call, when the background thread has ended; what an unfinished snapshot leaves is removed at the next start. */
    @Override
    public void close() throws IOException {
        if (unfinished != null) {
            unfinished.close();
        }
    }

    /**
     * Finishes a snapshot, then deletes older ones beyond the number to keep and those log segments that lie wholly behind
     * the last but one good snapshot: should the newest be found damaged, the one before it and the log still give
     * everything.
     */
    public void finish(SnapshotWriter writer) throws IOException {
        writer.finish();
        writer.close();
        unfinished = null;
        good.addLast(writer.lastIndex());
        while (good.size() > retained) {
            good.removeFirst();
        }
        List<String> names = directory.list();
        boolean deleted = deleteSnapshots(names);
        if (good.size() >= 2) {
            long[] lastTwo = good.stream()
                    .mapToLong(Long::longValue)
                    .skip(good.size() - 2L)
                    .toArray();
            deleted |= deleteSegments(names, lastTwo[0]);
        }
        if (deleted) {
            directory.sync();
        }
    }

    private boolean deleteSnapshots(List<String> names) throws IOException {
        if (good.size() < retained) {
            return false;
        }
        boolean deleted = false;
        for (String name : names) {
            long index = LogFormat.snapshotIndex(name);
            if (index >= 0 && index < good.getFirst()) {
                directory.delete(name);
                deleted = true;
            }
        }
        return deleted;
    }

    private boolean deleteSegments(List<String> names, long coveredIndex) throws IOException {
        List<Long> firsts = segments(names);
        boolean deleted = false;
        for (int i = 0; i + 1 < firsts.size() && firsts.get(i + 1) <= coveredIndex + 1; i++) {
            directory.delete(LogFormat.segmentName(firsts.get(i)));
            deleted = true;
        }
        return deleted;
    }

    /** First indexes of all segments among the names, ascending. */
    static List<Long> segments(List<String> names) {
        List<Long> firsts = new ArrayList<>();
        for (String name : names) {
            long first = LogFormat.segmentIndex(name);
            if (first >= 0) {
                firsts.add(first);
            }
        }
        Collections.sort(firsts);
        return firsts;
    }

    /** Last indexes of all snapshots among the names, newest first. */
    static List<Long> snapshots(List<String> names) {
        List<Long> lasts = new ArrayList<>();
        for (String name : names) {
            long last = LogFormat.snapshotIndex(name);
            if (last >= 0) {
                lasts.add(last);
            }
        }
        lasts.sort(Collections.reverseOrder());
        return lasts;
    }
}
