package io.coord.recipes.internal.call;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Something that is due later, on a recipe's queue. A cancelled timer leaves nothing behind.
 *
 * <p>Thread-safe: its one future is either due or cancelled.
 */
public final class Timer {
    private final CompletableFuture<Boolean> due = new CompletableFuture<>();

    private Timer() {}

    /** Hands the task to the queue after the delay. */
    public static Timer schedule(Executor queue, Duration delay, Runnable task) {
        Timer timer = new Timer();
        timer.due.thenAccept(expired -> {
            if (expired) {
                queue.execute(task);
            }
        });
        timer.due.completeOnTimeout(true, Callers.nanos(delay), TimeUnit.NANOSECONDS);
        return timer;
    }

    /** The task may still come when it was due already. */
    public void cancel() {
        due.complete(false);
    }
}
