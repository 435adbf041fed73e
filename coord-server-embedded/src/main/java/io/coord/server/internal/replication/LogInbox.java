package io.coord.server.internal.replication;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The way from the owner thread to the log thread. Thread-safe: a short critical section once per turn of either; the log
 * thread is woken only when it sleeps.
 */
final class LogInbox {
    private static final int SPARES = 4;

    private final Deque<PendingCommands> spares = new ArrayDeque<>(SPARES);
    private PendingCommands ready = new PendingCommands();
    private @Nullable Thread sleeper;
    private boolean stopping;

    /** Owner thread: hands over what it has gathered, and gets an empty one to go on with. */
    PendingCommands put(PendingCommands gathered) {
        PendingCommands empty;
        @Nullable Thread toWake;
        synchronized (this) {
            if (ready.isEmpty()) {
                empty = ready;
                ready = gathered;
            } else {
                ready.addAll(gathered);
                gathered.clear();
                empty = gathered;
            }
            toWake = sleeper;
            sleeper = null;
        }
        if (toWake != null) {
            LockSupport.unpark(toWake);
        }
        return empty;
    }

    /**
     * Log thread: all that has arrived; waits for the first.
     *
     * @param idleNanos how long to wait, 0 without end
     * @return null when nothing came in time, or when {@link #stop} was called
     */
    @Nullable
    PendingCommands take(long idleNanos) {
        long deadline = idleNanos > 0 ? System.nanoTime() + idleNanos : 0;
        while (true) {
            synchronized (this) {
                if (stopping) {
                    return null;
                }
                if (!ready.isEmpty()) {
                    PendingCommands taken = ready;
                    @Nullable PendingCommands spare = spares.pollLast();
                    ready = spare == null ? new PendingCommands() : spare;
                    return taken;
                }
                sleeper = Thread.currentThread();
            }
            if (idleNanos > 0) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return null;
                }
                LockSupport.parkNanos(this, left);
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Owner thread: gives back what was delivered. */
    void recycle(PendingCommands delivered) {
        delivered.clear();
        synchronized (this) {
            if (spares.size() < SPARES) {
                spares.addLast(delivered);
            }
        }
    }

    /** Any thread: {@link #take} returns null from now on. */
    void stop() {
        @Nullable Thread toWake;
        synchronized (this) {
            stopping = true;
            toWake = sleeper;
            sleeper = null;
        }
        if (toWake != null) {
            LockSupport.unpark(toWake);
        }
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    /** Owner thread, after {@link #stop}: what nobody will write any more. */
    synchronized PendingCommands drain() {
        PendingCommands left = ready;
        ready = new PendingCommands();
        return left;
    }
}
