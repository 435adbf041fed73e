package io.coord.server.internal.metrics;

/** What the log, its recovery and its snapshots cost; milliseconds. Owner thread: other threads report by their messages. */
public final class LogMetrics {
    /** A sync that takes longer is worth a word; ZooKeeper's {@code fsync.warningthresholdms}. */
    private static final long SLOW_SYNC_MS = 1_000;

    private static final long NANOS_PER_MS = 1_000_000;
    private static final long NONE = -1;

    private final Summary fsyncTime;
    private final Summary snapshotTime;
    private final Counter snapshotErrors;
    private final Summary batchSize;
    private final Summary flushTime;
    private final Counter queued;
    private final Summary initTime;
    private final Summary snapshotLoadTime;
    private final Summary entriesLoadTime;
    private final Summary entriesLoaded;
    private long slowSyncs;
    private long begunZxid = NONE;
    private long snapshotZxid = NONE;

    LogMetrics(MetricRegister register) {
        fsyncTime = register.summary("fsynctime", DetailLevel.BASIC);
        snapshotTime = register.summary("snapshottime", DetailLevel.BASIC);
        snapshotErrors = register.counter("snapshot_error_count");
        batchSize = register.summary("sync_processor_batch_size", DetailLevel.BASIC);
        flushTime = register.summary("sync_processor_queue_flush_time_ms", DetailLevel.ADVANCED);
        queued = register.counter("sync_processor_request_queued");
        initTime = register.summary("dbinittime", DetailLevel.BASIC);
        snapshotLoadTime = register.summary("startup_snap_load_time", DetailLevel.BASIC);
        entriesLoadTime = register.summary("startup_txns_load_time", DetailLevel.BASIC);
        entriesLoaded = register.summary("startup_txns_loaded", DetailLevel.BASIC);
    }

    /** For a log that nobody looks at. */
    public static LogMetrics unobserved() {
        return new LogMetrics(new MetricRegister());
    }

    /**
     * A batch of commands was written, and synced if that is asked for.
     *
     * @param nanos for all of it
     * @param syncNanos for making it durable; negative where nothing is synced
     */
    public void onBatch(int commands, long nanos, long syncNanos) {
        queued.add(commands);
        batchSize.add(commands);
        flushTime.add(nanos / NANOS_PER_MS);
        if (syncNanos >= 0) {
            long syncMs = syncNanos / NANOS_PER_MS;
            fsyncTime.add(syncMs);
            if (syncMs > SLOW_SYNC_MS) {
                slowSyncs++;
            }
        }
    }

    /** @param snapshotNanos how long the snapshot took to load, of all; 0 without one */
    public void onRecovered(long nanos, long snapshotNanos, long entries) {
        initTime.add(nanos / NANOS_PER_MS);
        snapshotLoadTime.add(snapshotNanos / NANOS_PER_MS);
        entriesLoadTime.add((nanos - snapshotNanos) / NANOS_PER_MS);
        entriesLoaded.add(entries);
    }

    /** @param zxid the last one that the snapshot has */
    public void onSnapshotBegun(long zxid) {
        begunZxid = zxid;
    }

    public void onSnapshotFinished(long nanos) {
        snapshotTime.add(nanos / NANOS_PER_MS);
        snapshotZxid = begunZxid;
    }

    public void onSnapshotFailed() {
        snapshotErrors.increment();
    }

    /** A snapshot was loaded, at the start. */
    public void onSnapshotRestored(long zxid) {
        snapshotZxid = zxid;
    }

    /** The last zxid that the newest snapshot has; -1 without one. */
    public long snapshotZxid() {
        return snapshotZxid;
    }

    /** Syncs that took longer than a second, since the start. */
    public long slowSyncs() {
        return slowSyncs;
    }
}
