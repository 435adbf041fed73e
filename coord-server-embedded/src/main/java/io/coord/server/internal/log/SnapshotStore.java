package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots that are known to be whole, and what they make superfluous. Built by the log thread, then used by the
 * background thread only, until that has ended; {@link #purgedFiles} may be asked by any thread.
 */
public final class SnapshotStore implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);

    private final LogDirectory directory;
    private final UUID logId;
    private final Background background;
    private final int retained;
    /** Those that were read whole or written by this process. */
    private final Set<Long> whole = new HashSet<>();
    /** Those that were read and are not. */
    private final Set<Long> damaged = new HashSet<>();

    private @Nullable SnapshotWriter unfinished;
    /** Counted by the background thread. */
    private final AtomicLong purgedFiles = new AtomicLong();

    /** @param retained how many whole ones are kept; 0 for all */
    SnapshotStore(LogDirectory directory, UUID logId, Background background, int retained) {
        this.directory = directory;
        this.logId = logId;
        this.background = background;
        this.retained = retained;
    }

    void addWhole(long lastIndex) {
        whole.add(lastIndex);
    }

    /** How many files were removed because nothing needs them any more, by this object. */
    public long purgedFiles() {
        return purgedFiles.get();
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
     * Finishes a snapshot, then deletes older ones beyond the number to keep, and those log segments that lie wholly behind the
     * oldest that is kept: should newer ones be found damaged, the one before and the log still give everything, and each
     * moment since the oldest can be had back. Only those count that are whole; of which nothing is known yet, they are read.
     * What cannot be deleted gets a warning and another attempt behind the next snapshot.
     *
     * @throws IOException the snapshot cannot be counted on
     */
    public void finish(SnapshotWriter writer) throws IOException {
        writer.finish();
        unfinished = null;
        long index = writer.lastIndex();
        whole.add(index);
        tidy(index, "close the file", writer::close);
        if (retained > 0) {
            tidy(index, "remove files that nothing needs any more", this::purge);
        }
    }

    private static void tidy(long index, String what, IoAction action) {
        try {
            action.run();
        } catch (IOException e) {
            LOG.warn("The snapshot of index {} is saved, but the log cannot {}", index, what, e);
        }
    }

    @FunctionalInterface
    private interface IoAction {
        void run() throws IOException;
    }

    private void purge() throws IOException {
        List<String> names = directory.list();
        List<Long> newestFirst = snapshots(names);
        int kept = 0;
        int next = 0;
        while (kept < retained && next < newestFirst.size()) {
            kept += isWhole(newestFirst.get(next++)) ? 1 : 0;
        }
        if (kept < retained) {
            return;
        }
        long oldestKept = newestFirst.get(next - 1);
        List<String> superfluous = new ArrayList<>();
        for (long each : newestFirst.subList(next, newestFirst.size())) {
            superfluous.add(LogFormat.snapshotName(each));
        }
        int snapshotCount = superfluous.size();
        List<Long> firsts = segments(names);
        // The log stays without gaps, so these go in their order.
        for (int i = 0; i + 1 < firsts.size() && firsts.get(i + 1) <= oldestKept + 1; i++) {
            superfluous.add(LogFormat.segmentName(firsts.get(i)));
        }
        delete(superfluous);
        if (!superfluous.isEmpty()) {
            LOG.info(
                    "Removed {} snapshots and {} segments of the log that no start needs; kept are {} snapshots, the oldest of "
                            + "index {}, and the log behind it",
                    snapshotCount,
                    superfluous.size() - snapshotCount,
                    kept,
                    oldestKept);
        }
    }

    private boolean isWhole(long lastIndex) throws IOException {
        if (whole.contains(lastIndex) || damaged.contains(lastIndex)) {
            return whole.contains(lastIndex);
        }
        try (SnapshotReader reader = SnapshotReader.open(directory, lastIndex, logId)) {
            boolean more = reader.check();
            while (more) {
                if (background.isStopping()) {
                    return false;
                }
                more = reader.check();
            }
            whole.add(lastIndex);
            return true;
        } catch (LogDamagedException e) {
            damaged.add(lastIndex);
            LOG.warn(
                    "Snapshot {} is damaged at offset {}. Newer ones and the log have everything; it goes when it is old.",
                    e.file(),
                    e.offset());
            return false;
        }
    }

    private void delete(List<String> superfluous) throws IOException {
        for (String name : superfluous) {
            directory.delete(name);
            purgedFiles.incrementAndGet();
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
