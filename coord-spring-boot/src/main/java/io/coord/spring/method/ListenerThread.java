package io.coord.spring.method;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the methods run that are told of something: one call after the other, and on no thread of the client, so that they may use that
 * as they like. The thread exists only while there is something to do.
 *
 * <p>Thread-safe: so is the executor, which is all that it has.
 */
public final class ListenerThread {

    private static final Logger logger = LoggerFactory.getLogger(ListenerThread.class);
    private static final int IDLE_S = 10;

    private final String name;
    private final ThreadPoolExecutor executor;

    public ListenerThread(String name) {
        this.name = name;
        this.executor = new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Runs the task after those before it; not at all once it was stopped. */
    public void execute(Runnable task) {
        try {
            executor.execute(() -> {
                if (!executor.isShutdown()) {
                    task.run();
                }
            });
        } catch (RejectedExecutionException e) {
            logger.debug("{} has stopped and is told nothing more", name);
        }
    }

    /**
     * Begins nothing more, and waits for the call that goes on. What takes longer is interrupted.
     *
     * @return whether the call has ended
     */
    public boolean stop(Duration patience) {
        executor.shutdown();
        try {
            if (executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            logger.warn("{} did not end within {} ms and is interrupted", name, patience.toMillis());
            executor.shutdownNow();
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
