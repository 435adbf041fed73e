package io.coord.recipes.internal.call;

import io.coord.client.CoordClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** Brings what a core completes to a caller who does not wait. */
public final class CallerStages {
    private CallerStages() {}

    /**
     * A stage that completes on a callback thread, so that what a user hangs on it does not run on the core's queue.
     * Cancelling it cancels the call.
     *
     * @param giveBack takes what came too late, when the stage had been completed by somebody else
     */
    public static <T, R> CompletableFuture<R> of(
            CoordClient client, CompletableFuture<T> call, Function<T, R> result, Consumer<? super T> giveBack) {
        return of(client.callbackExecutor(), call, result, giveBack);
    }

    /** @param callbacks runs what a user hangs on the stage */
    static <T, R> CompletableFuture<R> of(
            Executor callbacks, CompletableFuture<T> call, Function<T, R> result, Consumer<? super T> giveBack) {
        return complete(new CompletableFuture<>(), callbacks, call, result, giveBack);
    }

    /**
     * As {@link #of}, for a call that tells when it has left nothing behind.
     *
     * @param nothingLeft completes then
     */
    public static <T, R> PendingCall<R> pending(
            CoordClient client,
            CompletableFuture<T> call,
            CompletionStage<Void> nothingLeft,
            Function<T, R> result,
            Consumer<? super T> giveBack) {
        return complete(new PendingCall<>(nothingLeft), client.callbackExecutor(), call, result, giveBack);
    }

    private static <T, R, S extends CompletableFuture<R>> S complete(
            S stage,
            Executor callbacks,
            CompletableFuture<T> call,
            Function<T, R> result,
            Consumer<? super T> giveBack) {
        call.whenCompleteAsync(
                (value, failure) -> {
                    if (failure != null) {
                        stage.completeExceptionally(failure);
                    } else if (!stage.complete(result.apply(value))) {
                        giveBack.accept(value);
                    }
                },
                callbacks);
        cancelTogether(stage, call);
        return stage;
    }

    /**
     * Tells users of something that happens on the core's queue. What they hang on the stage runs on a callback thread, or on
     * theirs when it has happened already, and they cannot complete it.
     */
    public static CompletionStage<Void> told(CoordClient client, CompletableFuture<Void> fact) {
        CompletableFuture<Void> stage =
                fact.isDone() ? fact : fact.whenCompleteAsync((done, failure) -> {}, client.callbackExecutor());
        return stage.minimalCompletionStage();
    }

    /** What a call gives, of which somebody takes note before the caller does; cancelling it cancels the call. */
    public static <T> CompletableFuture<T> noting(
            CompletionStage<T> call, Consumer<? super T> note, Consumer<? super T> giveBack) {
        CompletableFuture<T> inner = call.toCompletableFuture();
        CompletableFuture<T> stage = new CompletableFuture<>();
        inner.whenComplete((value, failure) -> {
            if (failure != null) {
                stage.completeExceptionally(failure);
                return;
            }
            note.accept(value);
            if (!stage.complete(value)) {
                giveBack.accept(value);
            }
        });
        cancelTogether(stage, inner);
        return stage;
    }

    private static void cancelTogether(CompletableFuture<?> stage, CompletableFuture<?> call) {
        stage.whenComplete((value, failure) -> {
            if (stage.isCancelled()) {
                call.cancel(false);
            }
        });
    }
}
