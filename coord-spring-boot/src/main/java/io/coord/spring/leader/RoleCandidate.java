package io.coord.spring.leader;

import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.LeaderLatch.CloseMode;
import io.coord.recipes.leader.LeaderLatchListener;
import io.coord.recipes.leader.Leadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
final class RoleCandidate implements LeaderLatchListener {

    private static final Logger logger = LoggerFactory.getLogger(RoleCandidate.class);

    private final String role;
    private final LeaderLatch latch;
    private final Consumer<Leadership> onGranted;
    private final Consumer<Leadership> onRevoked;
    private final ExecutorService thread;
    private final List<RoleListener> listeners = new ArrayList<>();
    /** What the listeners know of. */
    private @Nullable Leadership told;

    private @Nullable Leadership present;
    private @Nullable Thread working;
    private boolean started;
    private boolean stopped;

    /** @param onGranted told before the listeners, as {@code onRevoked} is */
    RoleCandidate(String role, LeaderLatch latch, Consumer<Leadership> onGranted, Consumer<Leadership> onRevoked) {
        this.role = role;
        this.latch = latch;
        this.onGranted = onGranted;
        this.onRevoked = onRevoked;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread named = new Thread(task, "coord-leader-" + role);
            named.setDaemon(true);
            return named;
        });
    }

    synchronized void start() {
        if (!started && !stopped) {
            started = true;
            latch.addListener(this);
            latch.start();
        }
    }

    /** The present leadership while this application is certainly the leader, and has not begun to stop. */
    Optional<Leadership> leadership() {
        synchronized (this) {
            if (stopped) {
                return Optional.empty();
            }
        }
        return latch.leadership();
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
                work(known, () -> listener.tell(known));
            }
        });
    }

    @Override
    public synchronized void isLeader(Leadership leadership) {
        if (!stopped) {
            present = leadership;
            thread.execute(() -> grant(leadership));
        }
    }

    @Override
    public synchronized void notLeader(Leadership leadership) {
        if (present == leadership) {
            revokePresent();
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
                    each.tell(leadership);
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
                each.tell(leadership);
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
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            revokePresent();
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                logger.warn(
                        "Methods that lead '{}' did not end within {} ms of their interrupt; the role is given up",
                        role,
                        patience.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        latch.close(CloseMode.SILENT);
    }
}
