package io.coord.recipes.barrier;

import io.coord.client.CoordClient;
import io.coord.client.error.ClientClosedException;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Timer;
import io.coord.recipes.internal.queue.ArmedWatch;
import io.coord.recipes.internal.queue.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lets members begin together and end together: entering waits until enough have come, leaving waits until all have gone.
 * One object is one member. The znodes are those of Curator's {@code DistributedDoubleBarrier}: an ephemeral one with a
 * UUID for a name for each member, and {@code ready} once there were enough of them.
 *
 * <p>The quantity is a threshold and no limit: who comes while the barrier is open passes at once and belongs to those who
 * are waited for by all who leave after that. Nobody waits for members that come when it has begun to leave: they may be
 * waiting for it to enter again. All members should name the same quantity. A member whose session is lost counts as gone; it
 * is not told, and its {@link #leave()} waits for the others all the same.
 *
 * <p>Without a connection both wait. The blocking methods must not be called on threads of the client: they throw
 * {@link IllegalStateException} there.
 *
 * <p>Thread-safe: its state belongs to one serial queue.
 *
 * <pre>{@code
 * DoubleBarrier barrier = new DoubleBarrier(client, "/rounds/1", 5);
 * barrier.enter();
 * work();
 * if (!barrier.leave(Duration.ofMinutes(1))) {
 *     use("others are still at work");
 * }
 * }</pre>
 */
public final class DoubleBarrier {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int LONGEST_PAUSE_FACTOR = 32;

    private final CoordClient client;
    private final String path;
    private final SerialExecutor queue;
    private final Shell shell = new Shell();
    private final DoubleBarrierCore core;

    /**
     * @param quantity how many members open the barrier
     * @throws io.coord.protocol.data.InvalidPathException when the path is none
     */
    public DoubleBarrier(CoordClient client, String path, int quantity) {
        if (quantity < 1) {
            throw new IllegalArgumentException("a barrier that " + quantity + " members open");
        }
        this.client = client;
        this.path = ZnodePath.validate(path);
        this.queue = client.serialExecutor();
        this.core = new DoubleBarrierCore(quantity, () -> UUID.randomUUID().toString(), shell);
    }

    public String path() {
        return path;
    }

    /**
     * Waits until enough members have come.
     *
     * @throws IllegalStateException when it has entered already, or another call of it is under way
     * @throws io.coord.client.error.CallInterruptedException when interrupted; its member is withdrawn
     * @throws io.coord.client.error.CoordException when the servers refuse; its member is withdrawn, or ends with its session
     */
    public void enter() {
        Callers.await(start(true, null), "enter", path);
    }

    /**
     * As {@link #enter()}, at most for a time.
     *
     * @return false when it has passed: its member is withdrawn, as soon as the servers can be reached. The others may have
     *     counted it until then.
     */
    public boolean enter(Duration wait) {
        return Callers.await(start(true, wait), "enter", path);
    }

    /** As {@link #enter()}, without waiting. Cancelling the stage's future gives up. */
    public CompletionStage<Boolean> enterAsync() {
        return CallerStages.of(client, start(true, null), done -> done, done -> {});
    }

    /** As {@link #enter(Duration)}, likewise. */
    public CompletionStage<Boolean> enterAsync(Duration wait) {
        return CallerStages.of(client, start(true, wait), done -> done, done -> {});
    }

    /**
     * Leaves and waits until all others have left. Harmless when it has not entered: it waits for those who have.
     *
     * @throws IllegalStateException when another call of it is under way
     * @throws io.coord.client.error.CallInterruptedException when interrupted; it has left or leaves as soon as the servers
     *     can be reached
     * @throws io.coord.client.error.CoordException when the servers refuse
     */
    public void leave() {
        Callers.await(start(false, null), "leave", path);
    }

    /**
     * As {@link #leave()}, at most for a time.
     *
     * @return false when it has passed and others are still there; this member has left, or leaves as soon as the servers
     *     can be reached
     */
    public boolean leave(Duration wait) {
        return Callers.await(start(false, wait), "leave", path);
    }

    /** As {@link #leave()}, without waiting. */
    public CompletionStage<Boolean> leaveAsync() {
        return CallerStages.of(client, start(false, null), done -> done, done -> {});
    }

    /** As {@link #leave(Duration)}, likewise. */
    public CompletionStage<Boolean> leaveAsync(Duration wait) {
        return CallerStages.of(client, start(false, wait), done -> done, done -> {});
    }

    /** @param wait null to wait as long as it takes */
    private CompletableFuture<Boolean> start(boolean entering, @Nullable Duration wait) {
        CompletableFuture<Boolean> call = new CompletableFuture<>();
        if (wait != null) {
            Timer deadline = Timer.schedule(queue, wait, () -> call.complete(false));
            call.whenComplete((done, failure) -> deadline.cancel());
        }
        queue.execute(() -> shell.begin(call, entering));
        return call;
    }

    /** Runs on the barrier's queue. */
    private final class Shell implements DoubleBarrierCore.Port {
        private final Map<Long, ArmedWatch> watches = new HashMap<>();
        private @Nullable CompletableFuture<Boolean> present;
        private @Nullable Registration sessionEvents;

        void begin(CompletableFuture<Boolean> call, boolean entering) {
            if (call.isDone() && entering) {
                return;
            }
            if (present != null || (entering && core.isInside())) {
                call.completeExceptionally(new IllegalStateException(
                        "this member of " + path + (present == null ? " has entered" : " is entering or leaving")));
                return;
            }
            if (client.state() == SessionState.CLOSED) {
                call.completeExceptionally(closed());
                return;
            }
            present = call;
            if (sessionEvents == null) {
                sessionEvents = client.addSessionListener(this::onSessionEvent, queue);
            }
            boolean connected = client.state() == SessionState.CONNECTED;
            if (entering) {
                core.enter(connected);
            } else {
                core.leave(connected);
            }
            call.whenComplete((done, failure) -> queue.execute(() -> end(call, entering)));
        }

        /** The call is over, by whatever: what it wanted is given up unless it has happened. */
        private void end(CompletableFuture<Boolean> call, boolean entering) {
            if (present == call) {
                present = null;
                if (entering) {
                    core.withdraw();
                } else {
                    core.stopWaitingForOthers();
                }
            }
            endListening();
        }

        private void endListening() {
            if (sessionEvents != null && present == null && core.isIdle()) {
                sessionEvents.close();
                sessionEvents = null;
            }
        }

        private void complete() {
            CompletableFuture<Boolean> call = present;
            if (call != null) {
                present = null;
                call.complete(true);
            }
            endListening();
        }

        private void onSessionEvent(SessionEvent event) {
            switch (event.type()) {
                case CONNECTED, RECONNECTED -> core.connected();
                case READ_ONLY -> {}
                case SUSPENDED -> core.suspended();
                case LOST -> core.sessionLost();
                case CLOSED -> core.clientClosed(closed());
            }
            endListening();
        }

        private ClientClosedException closed() {
            return new ClientClosedException("barrier", path, "the client is closed");
        }

        private String child(String name) {
            return ZnodePath.child(path, name);
        }

        @Override
        public long session() {
            return client.sessionId();
        }

        @Override
        public void create(String name) {
            Failure.on(
                    client.create()
                            .creatingParentContainersIfNeeded()
                            .withMode(CreateMode.EPHEMERAL)
                            .completingOn(queue)
                            .forPathAsync(child(name)),
                    created -> core.created(),
                    core::createFailed);
        }

        @Override
        public void list() {
            Failure.on(client.getChildren().completingOn(queue).forPathAsync(path), core::listed, core::listFailed);
        }

        @Override
        public void createReady() {
            Failure.on(
                    client.create().completingOn(queue).forPathAsync(child(DoubleBarrierCore.READY)),
                    created -> core.readyCreated(),
                    core::createReadyFailed);
        }

        @Override
        public void delete(String name) {
            Failure.on(
                    client.delete().idempotent().completingOn(queue).forPathAsync(child(name)),
                    deleted -> core.deleted(name),
                    failure -> {
                        if (failure.kind() == Failure.Kind.NO_NODE) {
                            core.deleted(name);
                        } else {
                            core.deleteFailed(failure);
                        }
                    });
        }

        @Override
        public void watch(String name, long ticket) {
            ArmedWatch watch = new ArmedWatch(client, queue, child(name), fired -> {
                watches.remove(ticket);
                core.changed(ticket, fired.type() == EventType.NODE_CREATED);
            });
            watches.put(ticket, watch);
            watch.onExistence(stat -> core.watched(ticket, stat != null), failure -> {
                watches.remove(ticket);
                core.watchFailed(ticket, failure);
            });
        }

        @Override
        public void unwatch(long ticket) {
            ArmedWatch watch = watches.remove(ticket);
            if (watch != null) {
                watch.withdraw();
            }
        }

        @Override
        public void pause(int failures, long ticket) {
            int factor = Math.min(LONGEST_PAUSE_FACTOR, 1 << Math.min(failures - 1, 30));
            Timer.schedule(queue, FIRST_PAUSE.multipliedBy(factor), () -> core.pauseOver(ticket));
        }

        @Override
        public void entered() {
            complete();
        }

        @Override
        public void withdrawn() {
            endListening();
        }

        @Override
        public void left() {
            complete();
        }

        @Override
        public void refused(RuntimeException cause) {
            CompletableFuture<Boolean> call = present;
            if (call != null) {
                present = null;
                call.completeExceptionally(cause);
            }
            endListening();
        }
    }
}
