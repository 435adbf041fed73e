package io.coord.server.internal.log;

/** Where slow work goes, so that commits need not wait for it: one thread, first come, first served. */
public interface Background {
    void execute(Runnable task);

    /** Thread-safe: whether long work should leave off, because the log is closing. */
    boolean isStopping();
}
