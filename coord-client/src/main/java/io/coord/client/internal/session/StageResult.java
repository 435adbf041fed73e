package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
import org.jspecify.annotations.Nullable;

/**
 * The stage of an asynchronous operation. The network thread only notes the outcome; the stage itself is completed on a
 * callback thread, since completing it runs user code.
 *
 * <p>Thread-safe: outcome and link are written by the network thread before the hand-over and read after it.
 */
public final class StageResult<T extends @Nullable Object> extends GuardedStage<T> implements Result<T> {
    private final StageCompletions completions;
    private @Nullable T value;
    private @Nullable CoordException failure;

    @Nullable
    StageResult<?> next;

    StageResult(StageCompletions completions) {
        this.completions = completions;
    }

    @Override
    public boolean succeed(@Nullable T result) {
        value = result;
        completions.add(this);
        return true;
    }

    @Override
    public void fail(CoordException reason) {
        failure = reason;
        completions.add(this);
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
