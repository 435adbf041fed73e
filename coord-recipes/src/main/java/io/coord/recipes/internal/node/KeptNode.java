package io.coord.recipes.internal.node;

import io.coord.client.CoordClient;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.watch.Watch;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.CreateMode;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one znode in place: made again after a lost session and when somebody deletes it.
 *
 * <p>Thread-safe: its state belongs to one serial queue, and volatile fields show it.
 */
public final class KeptNode {
    private static final Logger LOG = LoggerFactory.getLogger(KeptNode.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int LONGEST_PAUSE_FACTOR = 32;

    /** How far it is. */
    public enum State {
        /** Not there yet, or not any more since the session was lost; it goes on trying. */
        MISSING,
        IN_PLACE,
        /** Somebody else's session has a znode there; it waits until that is gone. */
        OCCUPIED,
        /** Somebody else has taken the path over. Final. */
        DISPLACED,
        /** Given up by its owner, or the client was closed. Final. */
        GONE
    }

    /** Told of each new state, on the znode's queue. */
    @FunctionalInterface
    public interface Listener {
        void onState(State state);
    }

    private final CoordClient client;
    private final String path;
    private final Listener listener;
    private final SerialExecutor queue;
    private final KeptNodeCore core;
    private final ZnodeOperations operations;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final CompletableFuture<Boolean> inPlace = new CompletableFuture<>();
    private volatile State state = State.MISSING;
    private volatile @Nullable RuntimeException lastFailure;

    private @Nullable Registration sessionEvents;
    private @Nullable Watch watch;
    private boolean arming;
    private boolean leaving;

    /**
     * @param mode EPHEMERAL, PERSISTENT or CONTAINER; missing parents are made as containers
     * @param takesOver whether what somebody else's session has left is replaced before this one was ever in place
     */
    public KeptNode(
            CoordClient client, String path, CreateMode mode, byte[] data, boolean takesOver, Listener listener) {
        this.client = client;
        this.path = path;
        this.listener = listener;
        this.queue = client.serialExecutor();
        this.operations = new ZnodeOperations(client, queue, path, mode, data, new Feedback());
        this.core = new KeptNodeCore(
                mode.isEphemeral(),
                takesOver ? KeptNodeCore.Takeover.AT_FIRST : KeptNodeCore.Takeover.NEVER,
                operations);
        operations.answerTo(core);
    }

    /**
     * Starts without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the znode " + path + " was started or closed before");
        }
        queue.execute(() -> {
            if (core.isOver()) {
                return;
            }
            sessionEvents = client.addSessionListener(this::onSessionEvent, queue);
            if (client.state() == SessionState.CLOSED) {
                core.clientClosed();
            } else {
                arm();
                core.start(client.state() == SessionState.CONNECTED);
            }
        });
    }

    public String path() {
        return path;
    }

    public boolean isStarted() {
        return started.get();
    }

    public State state() {
        return state;
    }

    /** Why the last attempt failed; empty when it succeeded or there was none. */
    public Optional<RuntimeException> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /**
     * Waits until the znode was in place once.
     *
     * @return whether it was; false when the time passed, or when it never will be
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitInPlace(Duration timeout, String operation) {
        CompletableFuture<Boolean> waiter = new CompletableFuture<>();
        inPlace.thenAccept(waiter::complete);
        waiter.completeOnTimeout(false, Callers.nanos(timeout), TimeUnit.NANOSECONDS);
        return Callers.await(waiter, operation, path);
    }

    /** Puts other data in place, without waiting. */
    public void update(byte[] data) {
        queue.execute(() -> {
            operations.data(data);
            core.update();
        });
    }

    /**
     * Removes the znode, without waiting. Idempotent.
     *
     * @return completes when the znode is surely gone, or is somebody else's
     */
    public CompletionStage<Void> removeAsync() {
        boolean wasStarted = !started.compareAndSet(false, true);
        queue.execute(() -> {
            if (wasStarted) {
                leaving = true;
                core.remove();
                if (client.state() != SessionState.CONNECTED) {
                    settled.complete(null);
                }
            } else {
                core.clientClosed();
            }
        });
        return CallerStages.told(client, gone);
    }

    /** Leaves the znode as it is and looks after it no longer, without waiting. Idempotent. */
    public void abandon() {
        started.set(true);
        queue.execute(core::clientClosed);
    }

    /**
     * Waits until the servers have confirmed the end, or are out of reach. On threads of the client it does not wait.
     *
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public void awaitEnd(String operation) {
        if (!CoordClient.isClientThread()) {
            Callers.awaitFact(settled, operation, path);
        }
    }

    // ---- on the znode's queue

    private void onSessionEvent(SessionEvent event) {
        switch (event.type()) {
            case CONNECTED, RECONNECTED -> {
                arm();
                core.connected();
            }
            case SUSPENDED -> {
                core.disconnected();
                settleIfLeaving();
            }
            case LOST -> core.sessionLost();
            case READ_ONLY -> {}
            case CLOSED -> core.clientClosed();
        }
    }

    private void settleIfLeaving() {
        if (leaving) {
            settled.complete(null);
        }
    }

    private void arm() {
        if (watch != null || arming || core.isOver() || client.state() != SessionState.CONNECTED) {
            return;
        }
        arming = true;
        client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT)
                .usingWatcher(event -> core.changed(), queue)
                .completingOn(queue)
                .forPathAsync(path)
                .whenComplete((armed, failure) -> {
                    arming = false;
                    if (failure != null) {
                        Timer.schedule(queue, FIRST_PAUSE, this::arm);
                    } else if (core.isOver()) {
                        armed.close();
                    } else {
                        watch = armed;
                        core.changed();
                    }
                });
    }

    private void end() {
        if (sessionEvents != null) {
            sessionEvents.close();
            sessionEvents = null;
        }
        if (watch != null) {
            watch.close();
            watch = null;
        }
        inPlace.complete(false);
        settled.complete(null);
        gone.complete(null);
    }

    /** What becomes of the operations, besides the answers that the core gets. */
    private final class Feedback implements ZnodeOperations.Feedback {
        @Override
        public void failed(RuntimeException cause, boolean passing) {
            if (!passing && lastFailure == null) {
                LOG.warn("The znode {} cannot be put in place; it is tried again", path, cause);
            }
            lastFailure = cause;
            settleIfLeaving();
        }

        @Override
        public void pause(int failures, long ticket) {
            int factor = Math.min(LONGEST_PAUSE_FACTOR, 1 << Math.min(failures - 1, 30));
            Timer.schedule(queue, FIRST_PAUSE.multipliedBy(factor), () -> core.pauseOver(ticket));
        }

        @Override
        public void stateChanged(State next) {
            state = next;
            listener.onState(next);
            switch (next) {
                case IN_PLACE -> {
                    lastFailure = null;
                    inPlace.complete(true);
                }
                case MISSING -> LOG.info("The znode {} was lost with its session; it is made again", path);
                case OCCUPIED -> LOG.info("The znode {} belongs to another session; waiting until it is gone", path);
                case DISPLACED -> {
                    LOG.warn("The znode {} was taken over by another process; this one has none now", path);
                    end();
                }
                case GONE -> end();
            }
        }
    }
}
