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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots that are known to be whole, and what they make superfluous. Built by the log thread, then used by the
 * background thread only, until that has ended.
 */
public final class SnapshotStore implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

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
     * everything. What cannot be deleted gets a warning and another attempt behind the next snapshot.
     *
     * @throws IOException the snapshot cannot be counted on
     */
    public void finish(SnapshotWriter writer) throws IOException {
        writer.finish();
        unfinished = null;
        good.addLast(writer.lastIndex());
        while (good.size() > retained) {
            good.removeFirst();
        }
        tidy("close the file", writer::close);
        tidy("delete older snapshots", this::deleteSnapshots);
        tidy("delete older segments of the log", this::deleteSegments);
    }

    private void tidy(String what, IoAction action) {
        try {
            action.run();
        } catch (IOException e) {
            LOG.warn("The snapshot of index {} is saved, but the log cannot {}", good.getLast(), what, e);
        }
    }

    @FunctionalInterface
    private interface IoAction {
        void run() throws IOException;
    }

    private void deleteSnapshots() throws IOException {
        if (good.size() < retained) {
            return;
        }
        List<String> superfluous = new ArrayList<>();
        for (long index : snapshots(directory.list())) {
            if (index < good.getFirst()) {
                superfluous.add(LogFormat.snapshotName(index));
            }
        }
        delete(superfluous);
    }

    private void deleteSegments() throws IOException {
        if (good.size() < 2) {
            return;
        }
        long covered = good.stream().skip(good.size() - 2L).findFirst().orElseThrow();
        List<Long> firsts = segments(directory.list());
        List<String> superfluous = new ArrayList<>();
        for (int i = 0; i + 1 < firsts.size() && firsts.get(i + 1) <= covered + 1; i++) {
            superfluous.add(LogFormat.segmentName(firsts.get(i)));
        }
        delete(superfluous);
    }

    /** Up to the first that cannot be deleted: the log stays without gaps. */
    private void delete(List<String> superfluous) throws IOException {
        for (String name : superfluous) {
            directory.delete(name);
        }
        if (!superfluous.isEmpty()) {
            directory.sync();
        }
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
