package io.coord.client.internal.callback;

import io.coord.client.session.SerialExecutor;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks of one listener or one recipe, run one after the other by whichever thread of a pool is free.
 *
 * <p>Thread-safe: a concurrent queue and a count of the tasks in it; whoever raises the count from 0 wakes the pool, so a
 * burst costs one wake-up.
 */
public final class CallbackQueue implements SerialExecutor {
    private static final Logger log = LoggerFactory.getLogger(CallbackQueue.class);
    /** Tasks run before the thread is offered to other queues. */
    private static final int TURN = 256;

    private final Executor pool;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Runnable turn = this::runTurn;
    private volatile @Nullable Thread runner;

    public CallbackQueue(Executor pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (size.getAndIncrement() == 0) {
            pool.execute(turn);
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == runner;
    }

    private void runTurn() {
        runner = Thread.currentThread();
        int ran = 0;
        int left;
        do {
            // Counted before it was woken, so a task is there.
            Runnable task = tasks.remove();
            try {
                task.run();
            } catch (Throwable e) {
                // Checked ones, too: other languages throw them undeclared, and the queue would stand still for ever.
                log.error("A callback threw", e);
            }
            ran++;
            // Whoever takes the count to 0 gives the queue away with it; nothing of it may be touched after that.
            if (ran == TURN || size.get() == 1) {
                runner = null;
            }
            left = size.decrementAndGet();
            if (left > 0 && ran < TURN) {
                runner = Thread.currentThread();
            }
        } while (left > 0 && ran < TURN);
        if (left > 0) {
            pool.execute(turn);
        }
    }
}
