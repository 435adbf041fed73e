package io.coord.spring.lock;

import io.coord.client.session.Registration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The stage of a locked method, as the caller gets it: complete once the method's own stage is and its lock is let go. */
final class HeldStage {

    private HeldStage() {}

    static <T> CompletableFuture<T> of(
            CompletionStage<T> stage, LockRequest request, Holding holding, LeaseCalls.Watch watch) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Registration onLost = request.onLost() == OnLost.INTERRUPT
                ? holding.lease()
                        .onLost(lease -> result.completeExceptionally(
                                new LockLostException(request.user(), holding.path(), null)))
                : () -> {};
        stage.whenComplete((value, failure) -> {
            onLost.close();
            watch.end();
            boolean lost = holding.failsFor(request.onLost());
            holding.releaseAsync(failure);
            if (lost) {
                result.completeExceptionally(new LockLostException(request.user(), holding.path(), failure));
            } else if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(value);
            }
        });
        if (stage instanceof CompletableFuture<T> future) {
            // A cancelled caller cancels the method's own future; the lock stays until that is complete.
            result.whenComplete((value, failure) -> {
                if (failure instanceof CancellationException) {
                    future.cancel(true);
                }
            });
        }
        return result;
    }
}
