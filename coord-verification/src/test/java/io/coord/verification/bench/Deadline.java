package io.coord.verification.bench;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Keeps one row that hangs or fails from costing the others, and the whole within its time. */
final class Deadline implements AutoCloseable {
    static final Duration LONGEST_ROW = Duration.ofMinutes(3);

    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final int HALTED = 3;

    private final long endNanos;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bench-deadline");
        thread.setDaemon(true);
        return thread;
    });
    private int failures;

    Deadline(Duration limit) {
        this.endNanos = System.nanoTime() + limit.toNanos();
        timer.schedule(Deadline::halt, limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The last resort, when a row hangs in something that {@code stop} does not end. */
    private static void halt() {
        killChildren();
        Runtime.getRuntime().halt(HALTED);
    }

    /** Ends all processes that this one has started. */
    static void killChildren() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    /** Rows that failed or were left out. */
    int failures() {
        return failures;
    }

    /**
     * Measures a row and reports it; one that fails is reported as such.
     *
     * @param stop ends what the row waits for, when it takes too long
     */
    void row(Report report, String title, Runnable stop, Action action) {
        if (System.nanoTime() - endNanos > 0) {
            failures++;
            report.row(title, "**not run: out of time**");
            return;
        }
        ScheduledFuture<?> tooLong = timer.schedule(stop, LONGEST_ROW.toMillis(), TimeUnit.MILLISECONDS);
        try {
            action.run();
        } catch (Exception | AssertionError e) {
            failures++;
            report.row(title, "**failed: " + (tooLong.isDone() ? "took too long, " : "") + e + "**");
            e.printStackTrace();
        } finally {
            tooLong.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    interface Action {
        void run() throws Exception;
    }
}
