package io.coord.server.internal.admin;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code coord-admin}, which may wait: for the owner thread, for directories, for the name of this host. It is there
 * only while there is something to do. Thread-safe.
 */
public final class AdminThread {
    private static final Logger LOG = LoggerFactory.getLogger(AdminThread.class);
    /** Whoever asks when so many have asked and got no answer is sent away. */
    private static final int MOST_WAITING = 64;

    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor executor;

    public AdminThread() {
        executor = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "coord-admin");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a task behind those that are there.
     *
     * @return false when there are too many, or the server has ended: the task will not run
     */
    boolean offer(Runnable task) {
        try {
            executor.execute(() -> run(task));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("An operator's request failed", e);
        }
    }

    /** What runs is interrupted, what waits is dropped. */
    public void stop() {
        executor.shutdownNow();
    }
}
