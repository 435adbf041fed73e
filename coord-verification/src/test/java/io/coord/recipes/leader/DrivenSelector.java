package io.coord.recipes.leader;

/**
 * The core of a selector, opened to the simulation; what {@code LeaderSelector} does with callers and a client.
 *
 * @param <L> what having the lock is
 */
public final class DrivenSelector<L> {
    /** What {@link SelectorCore.Port} asks for; answers are given to the selector, never from within the call itself. */
    public interface World<L> {
        void acquire();

        void cancelAcquire();

        void runTask(long generation, L lock);

        void interruptTask();

        void release(L lock);

        void retryLater();

        void ended();
    }

    private final SelectorCore<L> core;

    public DrivenSelector(World<L> world) {
        this.core = new SelectorCore<>(new SelectorCore.Port<>() {
            @Override
            public void acquire() {
                world.acquire();
            }

            @Override
            public void cancelAcquire() {
                world.cancelAcquire();
            }

            @Override
            public void runTask(long generation, L lock) {
                world.runTask(generation, lock);
            }

            @Override
            public void interruptTask() {
                world.interruptTask();
            }

            @Override
            public void release(L lock) {
                world.release(lock);
            }

            @Override
            public void retryLater(RuntimeException cause) {
                world.retryLater();
            }

            @Override
            public void ended() {
                world.ended();
            }
        });
    }

    /** It contends, again and again, until it is closed. */
    public void start() {
        core.requeueAlways();
        core.requeue();
    }

    public void acquired(L lock) {
        core.acquired(lock);
    }

    public void refused(RuntimeException cause, boolean forever) {
        core.refused(cause, forever);
    }

    public void retry() {
        core.retry();
    }

    public void stopLeading(long generation) {
        core.stopLeading(generation);
    }

    public void taskEnded() {
        core.taskEnded();
    }

    public void released() {
        core.released();
    }

    public void withdrawn() {
        core.withdrawn();
    }

    public void close() {
        core.close();
    }
}
