package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
import io.coord.client.internal.callback.NonBlocking;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The stage of an asynchronous operation. The network thread only notes the outcome; the stage itself is completed on a
 * callback thread, since completing it runs user code.
 *
 * <p>Thread-safe: outcome and link are written by the network thread before the hand-over and read after it.
 */
public final class StageResult<T extends @Nullable Object> extends CompletableFuture<T> implements Result<T> {
    private final StageCompletions completions;
    private @Nullable T value;
    private @Nullable CoordException failure;

    @Nullable
    StageResult<?> next;

    StageResult(StageCompletions completions) {
        this.completions = completions;
    }

    @Override
    public void succeed(@Nullable T result) {
        value = result;
        completions.add(this);
    }

    @Override
    public void fail(CoordException reason) {
        failure = reason;
        completions.add(this);
    }

    /** @throws IllegalStateException when it would wait on a thread of the client, where its completion waits behind it */
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

    @SuppressWarnings("NullAway") // The value is what succeed() was given, null only where T admits it.
    void completeNow() {
        CoordException reason = failure;
        if (reason == null) {
            complete(value);
        } else {
            completeExceptionally(reason);
        }
    }
}
