package io.coord.server.internal.replication;

import io.coord.server.internal.log.Background;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code coord-log-background}, started with the first task. Thread-safe. Tasks that come after {@link
 * #stopAndAwait} began are dropped.
 */
final class BackgroundThread implements Background {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThread.class);

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
                Thread thread = new Thread(task, "coord-log-background");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());

    private volatile boolean stopping;

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> {
            try {
                if (!stopping) {
                    task.run();
                }
            } catch (RuntimeException | Error e) {
                LOG.error("A task of the log's background thread failed", e);
            }
        });
    }

    @Override
    public boolean isStopping() {
        return stopping;
    }

    /** Blocks until the task under way is over; those that wait are dropped. */
    void stopAndAwait() {
        stopping = true;
        // Never by interruption: that would close a file channel in the middle of its work.
        executor.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = executor.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
