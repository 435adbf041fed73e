package io.coord.client.internal.session;

import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.CoordException;
import io.coord.client.error.InterruptedWriteException;
import io.coord.client.error.UnansweredWriteException;
import io.coord.client.internal.callback.NonBlocking;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for its operation.
 *
 * <p>Thread-safe: the state is the one atomic; value and failure are written before it says DONE and read after.
 */
@SuppressWarnings("serial")
public final class BlockingResult<T extends @Nullable Object> extends AtomicInteger implements Result<T> {
    private static final int NOTHING_WRITTEN = 0;
    private static final int WRITTEN = 1;
    private static final int ABANDONED = 2;
    private static final int DONE = 3;
    /** The waiter was interrupted after something was written, and told that the outcome is unknown. */
    private static final int LEFT = 4;

    /** The network thread ends every call at its deadline; this is only for the case that the thread itself is gone. */
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(5);

    private final Thread waiter = Thread.currentThread();
    private final String operation;
    private final @Nullable String path;
    private final long giveUpNs;
    private @Nullable T value;
    private @Nullable CoordException failure;

    /** Made by the thread that will wait. */
    public BlockingResult(String operation, @Nullable String path, long timeoutNs) {
        NonBlocking.refuseOnClientThread(operation);
        this.operation = operation;
        this.path = path;
        this.giveUpNs = System.nanoTime() + timeoutNs + GRACE_NS;
    }

    @Override
    public boolean succeed(@Nullable T result) {
        value = result;
        return finish();
    }

    @Override
    public void fail(CoordException reason) {
        failure = reason;
        finish();
    }

    private boolean finish() {
        boolean isAwaited = compareAndSet(WRITTEN, DONE) || compareAndSet(NOTHING_WRITTEN, DONE);
        if (isAwaited) {
            LockSupport.unpark(waiter);
        }
        return isAwaited;
    }

    @Override
    public boolean beforeWrite() {
        return get() == WRITTEN || compareAndSet(NOTHING_WRITTEN, WRITTEN);
    }

    /**
     * Waits for the outcome.
     *
     * @throws CoordException the failure of the operation, or {@link CallInterruptedException}
     */
    @SuppressWarnings("NullAway") // The value is what succeed() was given, null only where T admits it.
    public T await() {
        while (get() != DONE) {
            LockSupport.parkNanos(this, giveUpNs - System.nanoTime());
            if (Thread.currentThread().isInterrupted()) {
                onInterrupted();
                break;
            }
            if (System.nanoTime() - giveUpNs >= 0
                    && (compareAndSet(WRITTEN, LEFT) || compareAndSet(NOTHING_WRITTEN, LEFT))) {
                throw new UnansweredWriteException(operation, path, "the client's network thread does not answer");
            }
        }
        CoordException reason = failure;
        if (reason != null) {
            // The stack of the waiting thread is the one that tells where the call was made.
            reason.fillInStackTrace();
            throw reason;
        }
        return value;
    }

    private void onInterrupted() {
        if (compareAndSet(NOTHING_WRITTEN, ABANDONED)) {
            throw new CallInterruptedException(operation, path);
        }
        if (compareAndSet(WRITTEN, LEFT)) {
            throw new InterruptedWriteException(operation, path);
        }
    }
}
