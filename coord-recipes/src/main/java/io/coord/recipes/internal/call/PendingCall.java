package io.coord.recipes.internal.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a caller gets who does not wait, and can cancel. Recipes that are made of other recipes learn from it when a call that
 * came to nothing has left nothing behind.
 *
 * <p>Thread-safe, as every future.
 */
public final class PendingCall<T> extends CompletableFuture<T> {
    private final CompletionStage<Void> nothingLeft;

    /** @param nothingLeft completes when the call, unless it had success, has left nothing on the servers */
    PendingCall(CompletionStage<Void> nothingLeft) {
        this.nothingLeft = nothingLeft;
    }

    /** @param stage of a recipe that says so */
    public static <T> PendingCall<T> of(CompletionStage<T> stage) {
        if (stage instanceof PendingCall<T> call) {
            return call;
        }
        throw new IllegalArgumentException("this call does not tell when nothing is left of it");
    }

    /**
     * Completes when nothing is left on the servers of a call that was cancelled or failed; of one that had success, when what
     * it brought has been given back.
     */
    public CompletionStage<Void> nothingLeft() {
        return nothingLeft;
    }

    /** What is derived from it is an ordinary future. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
