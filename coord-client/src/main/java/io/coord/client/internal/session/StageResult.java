package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The stage of an asynchronous operation. The network thread only notes the outcome; the stage itself is completed on a
 * callback thread, since completing it runs user code.
 *
 * <p>Thread-safe: outcome and link are written by the network thread before the hand-over and read after it.
 */
public final class StageResult<T extends @Nullable Object> extends GuardedStage<T> implements Result<T> {
    private final StageCompletions completions;
    private final AtomicInteger open;
    private @Nullable T value;
    private @Nullable CoordException failure;
    /** A second outcome would tear the list that it is linked into, and lose the stages behind it. */
    private boolean told;

    @Nullable
    StageResult<?> next;

    /** @param open counts the stages that are not complete; this one is counted by whoever makes it */
    StageResult(StageCompletions completions, AtomicInteger open) {
        this.completions = completions;
        this.open = open;
    }

    @Override
    public boolean succeed(@Nullable T result) {
        if (told) {
            return false;
        }
        told = true;
        value = result;
        completions.add(this);
        return true;
    }

    @Override
    public void fail(CoordException reason) {
        if (told) {
            return;
        }
        told = true;
        failure = reason;
        completions.add(this);
    }

    @SuppressWarnings("NullAway") // The value is what succeed() was given, null only where T admits it.
    void completeNow() {
        CoordException reason = failure;
        try {
            if (reason == null) {
                complete(value);
            } else {
                completeExceptionally(reason);
            }
        } finally {
            // Only now: what depends on the stage has run with its completion.
            open.decrementAndGet();
        }
    }
}
