package io.coord.spring.lock;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once per holding, of locks that are held for long, and says what the holder does at that moment.
 *
 * <p>Thread-safe: immutable but for the executor. Warnings are written by its one thread, which exists while locks are held.
 */
final class HoldWarnings implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(HoldWarnings.class);

    private static final Watched UNWATCHED = new Watched(null);
    private static final int IDLE_S = 30;

    private final Duration after;
    private final ScheduledThreadPoolExecutor timer;

    /** @param after how long a lock may be held; zero for any time */
    HoldWarnings(Duration after) {
        this.after = after;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "coord-lock-hold-warning");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        // Who still takes a lock while the application ends is not to fail for a warning.
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        timer.setKeepAliveTime(IDLE_S, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * A lock is held from now on.
     *
     * @param thread that works while it is held; null when that is no certain one
     */
    Watched watch(LockRequest request, @Nullable Thread thread) {
        if (after.isZero()) {
            return UNWATCHED;
        }
        Watched watched = new Watched(thread);
        watched.warning = timer.schedule(() -> warn(request, watched.thread), after.toMillis(), TimeUnit.MILLISECONDS);
        return watched;
    }

    private void warn(LockRequest request, @Nullable Thread thread) {
        if (thread == null) {
            logger.warn(
                    "{} holds the {} {} for more than {} ms; what it returned has not ended",
                    request.user(),
                    request.mode().noun(),
                    request.path(),
                    after.toMillis());
            return;
        }
        StringBuilder stack = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
            stack.append("\n\tat ").append(frame);
        }
        logger.warn(
                "{} holds the {} {} for more than {} ms, in the thread {}:{}",
                request.user(),
                request.mode().noun(),
                request.path(),
                after.toMillis(),
                thread.getName(),
                stack);
    }

    /** Locks that are held now are not watched any more. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** One holding. Thread-safe: volatile fields. */
    static final class Watched {

        private volatile @Nullable Thread thread;
        private volatile @Nullable Future<?> warning;

        private Watched(@Nullable Thread thread) {
            this.thread = thread;
        }

        void leaveThread() {
            thread = null;
        }

        void end() {
            Future<?> pending = warning;
            if (pending != null) {
                pending.cancel(false);
            }
        }
    }
}
