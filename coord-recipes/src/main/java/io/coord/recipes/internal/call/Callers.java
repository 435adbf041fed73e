package io.coord.recipes.internal.call;

import io.coord.client.CoordClient;
import io.coord.client.error.CallInterruptedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ways across a recipe's border: a caller's thread that waits for its core, and a core that calls a user back. */
public final class Callers {
    private Callers() {}

    /** Runs a task on the queue that owns a core, and gives its result. */
    public static <T> CompletableFuture<T> ask(Executor queue, Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        queue.execute(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /**
     * Waits without a bound of its own; whoever completes the future keeps the deadline.
     *
     * @throws CallInterruptedException when interrupted; the flag is set again and the future is cancelled. A result that
     *     was there already is returned instead, so nothing gets lost.
     */
    public static <T extends @Nullable Object> T await(CompletableFuture<T> future, String operation, String path) {
        CoordClient.refuseOnClientThread(operation);
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!future.cancel(false) && !future.isCompletedExceptionally()) {
                return future.join();
            }
            throw new CallInterruptedException(operation, path);
        } catch (ExecutionException e) {
            throw asUnchecked(e);
        }
    }

    /**
     * Waits for something that happens whether anybody waits or not.
     *
     * @throws CallInterruptedException when interrupted; the flag is set again
     */
    public static void awaitFact(Future<?> fact, String operation, String path) {
        CoordClient.refuseOnClientThread(operation);
        try {
            fact.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallInterruptedException(operation, path);
        } catch (ExecutionException e) {
            throw asUnchecked(e);
        }
    }

    /** The time in nanoseconds; beyond 292 years it counts as that, below zero as zero. */
    public static long nanos(Duration time) {
        if (time.isNegative()) {
            return 0;
        }
        return time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : time.toNanos();
    }

    /** What a stage failed with, without the wrapping that stages add. */
    public static RuntimeException asUnchecked(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new RejectedExecutionException(cause);
    }
}
