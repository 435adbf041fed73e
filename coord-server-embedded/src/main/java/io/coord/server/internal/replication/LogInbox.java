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
    /** So many commands are worth a sync of their own, whoever is missing. */
    private static final int MANY_COMMANDS = 64;

    private final Deque<PendingCommands> spares = new ArrayDeque<>(SPARES);
    private PendingCommands ready = new PendingCommands();
    private final Cohort cohort = new Cohort();
    private @Nullable Thread sleeper;
    /** The log thread would rather have the whole cohort than what there is. */
    private boolean patient;

    private boolean stopping;

    /** Owner thread: hands over what it has gathered, and gets an empty one to go on with. */
    PendingCommands put(PendingCommands gathered) {
        PendingCommands empty;
        @Nullable Thread toWake;
        synchronized (this) {
            note(gathered);
            if (ready.isEmpty()) {
                empty = ready;
                ready = gathered;
            } else {
                ready.addAll(gathered);
                gathered.clear();
                empty = gathered;
            }
            toWake = isFormed() ? sleeper : null;
            if (toWake != null) {
                sleeper = null;
            }
        }
        if (toWake != null) {
            LockSupport.unpark(toWake);
        }
        return empty;
    }

    private void note(PendingCommands gathered) {
        for (int i = 0; i < gathered.size(); i++) {
            if (gathered.command(i) instanceof Command.Write write) {
                cohort.add(write.sessionId());
            }
        }
    }

    private boolean isFormed() {
        return !patient || cohort.isComplete() || ready.size() >= MANY_COMMANDS;
    }

    /**
     * Log thread: all that has arrived; waits for the first.
     *
     * @param idleNanos how long to wait, 0 without end
     * @param patienceNanos how long to wait for those who wrote lately, though others have written again
     * @return null when nothing came in time, or when {@link #stop} was called
     */
    @Nullable
    PendingCommands take(long idleNanos, long patienceNanos) {
        long start = System.nanoTime();
        long waited = 0;
        while (true) {
            long sleepNanos;
            synchronized (this) {
                if (waited == 0) {
                    patient = patienceNanos > 0 && cohort.isWorthWaitingFor();
                }
                if (stopping) {
                    return null;
                }
                if (patient && waited >= patienceNanos) {
                    patient = false;
                    // While nobody has written, nobody was made to wait.
                    if (!ready.isEmpty()) {
                        cohort.onWaited(false);
                    }
                }
                if (!ready.isEmpty() && isFormed()) {
                    return takeReady();
                }
                if (idleNanos > 0 && waited >= idleNanos) {
                    return null;
                }
                sleeper = Thread.currentThread();
                sleepNanos = patient ? patienceNanos - waited : idleNanos > 0 ? idleNanos - waited : 0;
            }
            if (sleepNanos > 0) {
                LockSupport.parkNanos(this, sleepNanos);
            } else {
                LockSupport.park(this);
            }
            waited = Math.max(1, System.nanoTime() - start);
        }
    }

    private PendingCommands takeReady() {
        if (patient && cohort.isComplete()) {
            cohort.onWaited(true);
        }
        cohort.onTaken();
        sleeper = null;
        PendingCommands taken = ready;
        @Nullable PendingCommands spare = spares.pollLast();
        ready = spare == null ? new PendingCommands() : spare;
        return taken;
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

    /** Log thread: takes nothing any more, and waits for {@link #stop}. */
    void awaitStop() {
        while (true) {
            synchronized (this) {
                if (stopping) {
                    return;
                }
                sleeper = Thread.currentThread();
            }
            LockSupport.park(this);
        }
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    /** Owner thread, after {@link #stop} or when the log has failed: what nobody will write any more. */
    synchronized PendingCommands drain() {
        PendingCommands left = ready;
        ready = new PendingCommands();
        return left;
    }
}
