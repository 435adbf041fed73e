package io.coord.recipes.barrier;

import io.coord.client.CoordClient;
import io.coord.client.error.ClientClosedException;
import io.coord.client.error.CoordException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Timer;
import io.coord.recipes.internal.queue.ArmedWatch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A gate for all clients that use the same path: closed while its znode is there. It is Curator's
 * {@code DistributedBarrier}: a persistent znode at the path itself, which stays closed when the client that closed it ends.
 *
 * <p>Thread-safe: each wait belongs to one serial queue.
 *
 * <pre>{@code
 * Barrier barrier = new Barrier(client, "/gates/import");
 * barrier.set();
 * executor.execute(() -> {
 *     barrier.await();
 *     work();
 * });
 * barrier.remove();
 * }</pre>
 */
public final class Barrier {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int LONGEST_PAUSE_FACTOR = 32;

    private final CoordClient client;
    private final String path;

    /** @throws io.coord.protocol.data.InvalidPathException when the path is none */
    public Barrier(CoordClient client, String path) {
        this.client = client;
        this.path = ZnodePath.validate(path);
    }

    public String path() {
        return path;
    }

    /**
     * Closes the barrier; missing parents are created as containers. Harmless when it is closed.
     *
     * @throws CoordException when the servers refuse; when it is an {@link io.coord.client.error.OutcomeUnknown} it may be
     *     closed
     */
    public void set() {
        try {
            client.create().creatingParentContainersIfNeeded().idempotent().forPath(path);
        } catch (NodeExistsException e) {
            // It is closed already, which is all that was asked for.
        }
    }

    /**
     * Opens the barrier for all who wait. Harmless when it is open.
     *
     * @throws CoordException when the servers refuse; when it is an {@link io.coord.client.error.OutcomeUnknown} it may be
     *     open
     */
    public void remove() {
        try {
            client.delete().idempotent().forPath(path);
        } catch (NoNodeException e) {
            // It is open already, which is all that was asked for.
        }
    }

    /** Whether it is closed at this moment. */
    public boolean isSet() {
        return client.checkExists().forPath(path) != null;
    }

    /**
     * Waits until the barrier is open; without a connection that is not known, so the wait goes on.
     *
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     * @throws CoordException when the servers refuse to tell
     */
    public void await() {
        Callers.await(start(null), "await", path);
    }

    /**
     * As {@link #await()}, at most for a time.
     *
     * @return false when it has passed
     */
    public boolean await(Duration wait) {
        return Callers.await(start(wait), "await", path);
    }

    /** As {@link #await()}, without waiting. Cancelling the stage's future gives up. */
    public CompletionStage<Boolean> awaitAsync() {
        return CallerStages.of(client, start(null), open -> open, open -> {});
    }

    /** As {@link #await(Duration)}, likewise. */
    public CompletionStage<Boolean> awaitAsync(Duration wait) {
        return CallerStages.of(client, start(wait), open -> open, open -> {});
    }

    private CompletableFuture<Boolean> start(@Nullable Duration wait) {
        SerialExecutor queue = client.serialExecutor();
        CompletableFuture<Boolean> call = new CompletableFuture<>();
        if (wait != null) {
            Timer deadline = Timer.schedule(queue, wait, () -> call.complete(false));
            call.whenComplete((done, failure) -> deadline.cancel());
        }
        queue.execute(() -> new Wait(queue, call).begin());
        return call;
    }

    /** One wait. Everything here runs on its queue. */
    private final class Wait implements BarrierCore.Port {
        private final SerialExecutor queue;
        private final CompletableFuture<Boolean> call;
        private final BarrierCore core = new BarrierCore(this);
        private @Nullable Registration sessionEvents;
        private @Nullable ArmedWatch watch;

        Wait(SerialExecutor queue, CompletableFuture<Boolean> call) {
            this.queue = queue;
            this.call = call;
        }

        void begin() {
            sessionEvents = client.addSessionListener(this::onSessionEvent, queue);
            call.whenComplete((done, failure) -> queue.execute(this::end));
            if (client.state() == SessionState.CLOSED) {
                call.completeExceptionally(closed());
            } else {
                core.start(client.state() == SessionState.CONNECTED);
            }
        }

        private void end() {
            core.stop();
            if (sessionEvents != null) {
                sessionEvents.close();
                sessionEvents = null;
            }
        }

        private void onSessionEvent(SessionEvent event) {
            switch (event.type()) {
                case CONNECTED, RECONNECTED -> core.connected();
                case READ_ONLY -> {}
                case SUSPENDED, LOST -> core.disconnected();
                case CLOSED -> call.completeExceptionally(closed());
            }
        }

        private ClientClosedException closed() {
            return new ClientClosedException("await", path, "the client is closed");
        }

        @Override
        public void look(long ticket) {
            ArmedWatch armed = new ArmedWatch(client, queue, path, fired -> core.changed(ticket));
            watch = armed;
            armed.onData(data -> core.found(ticket), failure -> core.lookFailed(ticket, failure));
        }

        @Override
        public void unwatch() {
            if (watch != null) {
                watch.withdraw();
                watch = null;
            }
        }

        @Override
        public void pause(int failures, long ticket) {
            int factor = Math.min(LONGEST_PAUSE_FACTOR, 1 << Math.min(failures - 1, 30));
            Timer.schedule(queue, FIRST_PAUSE.multipliedBy(factor), () -> core.pauseOver(ticket));
        }

        @Override
        public void open() {
            call.complete(true);
        }

        @Override
        public void refused(RuntimeException cause) {
            call.completeExceptionally(cause);
        }
    }
}
