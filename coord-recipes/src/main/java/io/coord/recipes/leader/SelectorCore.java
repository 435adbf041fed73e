package io.coord.recipes.leader;

import org.jspecify.annotations.Nullable;

/**
 * The life of one selector: it waits for the lock, has the task run while it has it, and gives it back when the task has
 * ended. It never runs two tasks at once, so a leadership that was lost is over only when its task is. It knows neither
 * client nor thread.
 *
 * @param <L> what having the lock is
 */
final class SelectorCore<L> {
    /** What the core has done for it. Answers come on the core's queue and never from within the call itself. */
    interface Port<L> {
        /** Waits for the lock. Answer: {@code acquired} or {@code refused}. */
        void acquire();

        /** Gives up waiting. Answer: {@code withdrawn} when nothing of it is left on the servers. */
        void cancelAcquire();

        /** Runs the task. Answer: {@code taskEnded}. */
        void runTask(long generation, L lock);

        /** Asks the running task to end. */
        void interruptTask();

        /** Gives the lock back, lost or not. Answer: {@code released} when its znode is surely gone. */
        void release(L lock);

        /** Calls {@code retry} after a while. */
        void retryLater(RuntimeException cause);

        /** It will not contend any more, and its znode is gone. */
        void ended();
    }

    private enum State {
        IDLE,
        WAITING,
        PAUSING,
        WITHDRAWING,
        LEADING,
        RELEASING,
        ENDED
    }

    private final Port<L> port;
    private State state = State.IDLE;
    private boolean requeues;
    private boolean closing;
    private boolean interrupted;
    private long generation;
    private @Nullable L lock;

    SelectorCore(Port<L> port) {
        this.port = port;
    }

    /** From now on it contends again each time that its task has ended. */
    void requeueAlways() {
        requeues = true;
    }

    /** @return whether it contends again by this; it does not when it contends already, leads or is closed */
    boolean requeue() {
        if (state != State.IDLE || closing) {
            return false;
        }
        state = State.WAITING;
        port.acquire();
        return true;
    }

    void acquired(L granted) {
        if (state != State.WAITING) {
            port.release(granted);
            return;
        }
        state = State.LEADING;
        lock = granted;
        interrupted = false;
        port.runTask(++generation, granted);
    }

    void refused(RuntimeException cause, boolean forever) {
        if (state != State.WAITING) {
            return;
        }
        if (forever) {
            end();
        } else {
            state = State.PAUSING;
            port.retryLater(cause);
        }
    }

    void retry() {
        if (state == State.PAUSING) {
            state = State.IDLE;
            requeue();
        }
    }

    /** The leadership of this generation is lost or has become uncertain, or somebody wants it to end. */
    void stopLeading(long ofGeneration) {
        if (state == State.LEADING && generation == ofGeneration && !interrupted) {
            interrupted = true;
            port.interruptTask();
        }
    }

    /** As {@link #stopLeading(long)}, whichever it is. */
    void stopLeading() {
        stopLeading(generation);
    }

    void taskEnded() {
        L held = lock;
        if (state == State.LEADING && held != null) {
            state = State.RELEASING;
            port.release(held);
        }
    }

    void released() {
        if (state != State.RELEASING) {
            return;
        }
        lock = null;
        state = State.IDLE;
        if (closing) {
            end();
        } else if (requeues) {
            requeue();
        }
    }

    void close() {
        if (closing) {
            return;
        }
        closing = true;
        switch (state) {
            case IDLE -> end();
            case WAITING, PAUSING -> {
                // Also what was refused may still have a znode to remove.
                state = State.WITHDRAWING;
                port.cancelAcquire();
            }
            case LEADING -> stopLeading();
            case WITHDRAWING, RELEASING, ENDED -> {}
        }
    }

    /** What it waited with is gone; what was granted too late has been given back. */
    void withdrawn() {
        if (state == State.WITHDRAWING) {
            end();
        }
    }

    boolean isLeading() {
        return state == State.LEADING;
    }

    private void end() {
        if (state != State.ENDED) {
            state = State.ENDED;
            port.ended();
        }
    }
}
