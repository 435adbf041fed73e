package io.coord.spring.leader;

import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.LeaderLatch.CloseMode;
import io.coord.recipes.leader.LeaderLatchListener;
import io.coord.recipes.leader.Leadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This application's candidate for one role, and who is told of it on the role's own thread.
 *
 * <p>Thread-safe: what the client's threads tell is guarded by the monitor, listeners and what they know belong to the role's thread.
 */
final class RoleCandidate {

    private static final Logger logger = LoggerFactory.getLogger(RoleCandidate.class);

    private final String role;
    private final RoleObserver observer;
    private final Consumer<Leadership> onGranted;
    private final Consumer<Leadership> onRevoked;
    private final ExecutorService thread;
    private final List<RoleListener> listeners = new ArrayList<>();
    /** What the listeners know of. */
    private @Nullable Leadership told;

    private @Nullable Leadership present;
    private @Nullable Thread working;
    private LeaderLatch latch;
    private boolean started;
    private boolean steppedDown;
    private boolean stopped;

    /** @param onGranted told before the listeners, as {@code onRevoked} is */
    RoleCandidate(
            String role,
            LeaderLatch latch,
            Consumer<Leadership> onGranted,
            Consumer<Leadership> onRevoked,
            RoleObserver observer) {
        this.role = role;
        this.latch = latch;
        this.onGranted = onGranted;
        this.onRevoked = onRevoked;
        this.observer = observer;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread named = new Thread(task, "coord-leader-" + role);
            named.setDaemon(true);
            return named;
        });
    }

    synchronized void start() {
        if (!started && !stopped) {
            started = true;
            if (!steppedDown) {
                contend();
            }
        }
    }

    /** With the monitor held. */
    @SuppressWarnings("CheckReturnValue") // Told until the latch is closed.
    private void contend() {
        latch.addListener(new Told(latch));
        latch.start();
    }

    /** A leadership that is being given up. */
    interface Withdrawal {

        /** Waits until the methods of the role have returned, but no longer than that, and then gives the role up. */
        void complete(Duration patience);
    }

    /** Interrupts the work of the leader and tells the listeners; does not contend until {@link #resume}. Idempotent. */
    synchronized Withdrawal stepDown() {
        if (stopped || steppedDown) {
            return patience -> {};
        }
        steppedDown = true;
        if (!started) {
            return patience -> {};
        }
        revokePresent();
        CountDownLatch told = new CountDownLatch(1);
        thread.execute(told::countDown);
        LeaderLatch former = latch;
        latch = former.successor();
        return patience -> {
            try {
                if (!told.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    warnOfWork(patience);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            former.close(CloseMode.SILENT);
        };
    }

    /** Contends again. Idempotent. */
    synchronized void resume() {
        if (!stopped && steppedDown) {
            steppedDown = false;
            if (started) {
                contend();
            }
        }
    }

    /** The present leadership while this application is certainly the leader, and has not begun to stop or to step down. */
    synchronized Optional<Leadership> leadership() {
        return stopped || steppedDown ? Optional.empty() : latch.leadership();
    }

    /** Told from now on; at once when this application leads already. */
    synchronized void add(RoleListener listener) {
        if (stopped) {
            return;
        }
        thread.execute(() -> {
            listeners.add(listener);
            Leadership known = told;
            if (known != null && listener.ofLeader()) {
                work(known, () -> listener.tell(role, known, observer));
            }
        });
    }

    private synchronized void isLeader(LeaderLatch by, Leadership leadership) {
        if (!stopped && by == latch) {
            present = leadership;
            thread.execute(() -> grant(leadership));
        }
    }

    private synchronized void notLeader(Leadership leadership) {
        if (present == leadership) {
            revokePresent();
        }
    }

    /** What one latch tells, which may come late, when another one contends. */
    private final class Told implements LeaderLatchListener {

        private final LeaderLatch by;

        Told(LeaderLatch by) {
            this.by = by;
        }

        @Override
        public void isLeader(Leadership leadership) {
            RoleCandidate.this.isLeader(by, leadership);
        }

        @Override
        public void notLeader(Leadership leadership) {
            RoleCandidate.this.notLeader(leadership);
        }
    }

    /** With the monitor held. */
    private void revokePresent() {
        Leadership over = present;
        present = null;
        if (working != null) {
            working.interrupt();
        }
        if (over != null) {
            thread.execute(() -> revoke(over));
        }
    }

    private void grant(Leadership leadership) {
        work(leadership, () -> {
            told = leadership;
            tell(onGranted, leadership);
            for (RoleListener each : listeners) {
                if (each.ofLeader() && isPresent(leadership)) {
                    each.tell(role, leadership, observer);
                }
            }
        });
    }

    private void revoke(Leadership leadership) {
        if (told != leadership) {
            return;
        }
        told = null;
        tell(onRevoked, leadership);
        for (RoleListener each : listeners) {
            if (!each.ofLeader()) {
                each.tell(role, leadership, observer);
            }
        }
    }

    private void tell(Consumer<Leadership> consumer, Leadership leadership) {
        try {
            consumer.accept(leadership);
        } catch (RuntimeException e) {
            logger.warn("A listener to events of the role '{}' failed", role, e);
        }
    }

    private synchronized boolean isPresent(Leadership leadership) {
        return present == leadership;
    }

    /** Runs what is interrupted when the leadership is over; not at all when that is over already. */
    @SuppressWarnings("ResultOfMethodCallIgnored")
    private void work(Leadership leadership, Runnable task) {
        synchronized (this) {
            if (present != leadership) {
                return;
            }
            working = Thread.currentThread();
        }
        try {
            task.run();
        } finally {
            synchronized (this) {
                working = null;
                // It was meant for the task.
                Thread.interrupted();
            }
        }
    }

    /** Ends the work of the leader, tells the listeners, and only then gives the role up. Idempotent. */
    void stop(Duration patience) {
        LeaderLatch last;
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            revokePresent();
            last = latch;
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                warnOfWork(patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        last.close(CloseMode.SILENT);
    }

    private void warnOfWork(Duration patience) {
        logger.warn(
                "Methods that lead '{}' did not end within {} ms of their interrupt; the role is given up",
                role,
                patience.toMillis());
    }
}
