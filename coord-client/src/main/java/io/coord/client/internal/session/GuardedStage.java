package io.coord.client.internal.session;

import io.coord.client.internal.callback.NonBlocking;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A stage that refuses to be waited for on a thread of a client, where its completion may wait behind the waiter. Stages
 * derived from it by {@code then…}, {@code handle} and the like, and its {@link #toCompletableFuture()}, do the same.
 * Futures that the JDK makes by itself do not know of it: {@code CompletableFuture.allOf} and {@code anyOf}, and {@code
 * minimalCompletionStage()}.
 */
class GuardedStage<T extends @Nullable Object> extends CompletableFuture<T> {
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new GuardedStage<>();
    }

    /** @throws IllegalStateException when it would wait on a thread of a client; it is not affected */
    @Override
    public T join() {
        refuseToWait("join");
        return super.join();
    }

    /** @throws IllegalStateException as {@link #join()} */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        refuseToWait("get");
        return super.get();
    }

    /** @throws IllegalStateException as {@link #join()} */
    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        refuseToWait("get");
        return super.get(timeout, unit);
    }

    private void refuseToWait(String operation) {
        if (!isDone()) {
            NonBlocking.refuseOnClientThread(operation);
        }
    }
}
