package io.coord.recipes.discovery;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.TransactionOp;
import io.coord.client.error.BadVersionException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.SessionLostException;
import io.coord.client.error.TooManyRequestsException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.watch.Watch;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one instance registered: its znode is {@code <base path>/<service>/<id>}, made again after a lost session and when
 * somebody deletes it. What an earlier process with the same id has left is taken over in one transaction, so readers see no
 * gap; when somebody else takes the id over, this registration stops and says so ({@link State#DISPLACED}).
 *
 * <p>Thread-safe: its state belongs to one serial queue, and volatile fields show it.
 *
 * @param <T> the payload
 */
public final class ServiceRegistration<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRegistration.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int LONGEST_PAUSE_FACTOR = 32;

    /** How far a registration is. */
    public enum State {
        /** Not registered yet, or not any more since the session was lost; it goes on trying. */
        REGISTERING,
        REGISTERED,
        /** Another process registered under the same id. Final. */
        DISPLACED,
        /** Given up by its owner, or the client was closed. Final. */
        UNREGISTERED
    }

    private final CoordClient client;
    private final String path;
    private final InstanceSerializer<T> serializer;
    private final SerialExecutor queue;
    private final RegistrationCore core;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final CompletableFuture<Boolean> registered = new CompletableFuture<>();
    private volatile ServiceInstance<T> instance;
    private volatile State state = State.REGISTERING;
    private volatile @Nullable RuntimeException lastFailure;

    private byte[] data;
    private @Nullable Registration sessionEvents;
    private @Nullable Watch watch;
    private boolean arming;
    private boolean leaving;

    /**
     * @param basePath of all services
     * @throws IllegalArgumentException for {@link ServiceType#DYNAMIC_SEQUENTIAL}, or when the instance cannot be written
     */
    public ServiceRegistration(
            CoordClient client, String basePath, ServiceInstance<T> instance, InstanceSerializer<T> serializer) {
        if (instance.serviceType() == ServiceType.DYNAMIC_SEQUENTIAL) {
            throw new IllegalArgumentException("an instance cannot be registered as DYNAMIC_SEQUENTIAL: without its own"
                    + " path it could neither be taken over nor surely be removed; use DYNAMIC");
        }
        this.client = client;
        this.path = ZnodePath.validate(
                ZnodePath.child(ZnodePath.child(ZnodePath.validate(basePath), instance.name()), instance.id()));
        this.serializer = serializer;
        this.instance = instance;
        this.data = serializer.serialize(instance);
        this.queue = client.serialExecutor();
        this.core = new RegistrationCore(instance.serviceType() == ServiceType.DYNAMIC, new Operations());
    }

    /**
     * Starts to register, without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public ServiceRegistration<T> start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the registration of " + path + " was started or closed before");
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
        return this;
    }

    /** The instance as it is, or is to be, registered. */
    public ServiceInstance<T> instance() {
        return instance;
    }

    /** The whole path of the instance's znode. */
    public String path() {
        return path;
    }

    /** Whether {@link #start()} was called, or the registration was closed before. */
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
     * Waits until the instance was registered once.
     *
     * @return whether it was; false when the time passed, or when it never will be
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitRegistered(Duration timeout) {
        CompletableFuture<Boolean> waiter = new CompletableFuture<>();
        registered.thenAccept(waiter::complete);
        waiter.completeOnTimeout(false, Callers.nanos(timeout), TimeUnit.NANOSECONDS);
        return Callers.await(waiter, "awaitRegistered", path);
    }

    /**
     * Registers other data under the same name and id, without waiting.
     *
     * @throws IllegalArgumentException when name, id or type differ, or it cannot be written
     */
    public void update(ServiceInstance<T> newer) {
        ServiceInstance<T> present = instance;
        if (!newer.name().equals(present.name())
                || !newer.id().equals(present.id())
                || newer.serviceType() != present.serviceType()) {
            throw new IllegalArgumentException("an update must not change name, id or type of " + path);
        }
        byte[] newData = serializer.serialize(newer);
        instance = newer;
        queue.execute(() -> {
            data = newData;
            core.update();
        });
    }

    /**
     * Removes the instance's znode, without waiting. Idempotent.
     *
     * @return completes when the znode is surely gone, or is somebody else's
     */
    public CompletionStage<Void> unregisterAsync() {
        boolean wasStarted = !started.compareAndSet(false, true);
        queue.execute(() -> {
            if (wasStarted) {
                leaving = true;
                core.unregister();
                if (client.state() != SessionState.CONNECTED) {
                    settled.complete(null);
                }
            } else {
                core.clientClosed();
            }
        });
        return gone.minimalCompletionStage();
    }

    /**
     * Ends the registration and waits until the servers have confirmed it; a {@link ServiceType#PERMANENT} instance stays
     * registered. When the servers are out of reach it does not wait: the znode is deleted as soon as they are back, or
     * vanishes with the session. On threads of the client it does not wait either. Idempotent.
     */
    @Override
    public void close() {
        if (instance.serviceType() == ServiceType.PERMANENT) {
            started.set(true);
            queue.execute(core::clientClosed);
        } else {
            unregisterAsync();
        }
        if (!CoordClient.isClientThread()) {
            Callers.awaitFact(settled, "unregister", path);
        }
    }

    // ---- on the registration's queue

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
        registered.complete(false);
        settled.complete(null);
        gone.complete(null);
    }

    private final class Operations implements RegistrationCore.Port {
        private CreateMode mode() {
            return instance.serviceType() == ServiceType.DYNAMIC ? CreateMode.EPHEMERAL : CreateMode.PERSISTENT;
        }

        @Override
        public long session() {
            return client.sessionId();
        }

        @Override
        public void create() {
            StatHolder stat = new StatHolder();
            on(
                    client.create()
                            .creatingParentContainersIfNeeded()
                            .withMode(mode())
                            .storingStatIn(stat)
                            .completingOn(queue)
                            .forPathAsync(path, data),
                    created -> core.created(stat.get().ephemeralOwner()),
                    cause -> {
                        if (cause instanceof NodeExistsException) {
                            core.alreadyThere();
                        } else {
                            failed(cause);
                        }
                    });
        }

        @Override
        public void read() {
            StatHolder stat = new StatHolder();
            on(
                    client.getData().storingStatIn(stat).completingOn(queue).forPathAsync(path),
                    read -> core.found(new RegistrationCore.Found(
                            stat.get().ephemeralOwner(), stat.get().version(), Arrays.equals(read, data))),
                    this::missingOrFailed);
        }

        @Override
        public void write() {
            on(
                    client.setData().completingOn(queue).forPathAsync(path, data),
                    written -> core.written(),
                    this::missingOrFailed);
        }

        private void missingOrFailed(RuntimeException cause) {
            if (cause instanceof NoNodeException) {
                core.nothingThere();
            } else {
                failed(cause);
            }
        }

        @Override
        public void replace(int version) {
            TransactionOp delete =
                    client.transactionOp().delete().withVersion(version).forPath(path);
            TransactionOp create =
                    client.transactionOp().create().withMode(mode()).forPath(path, data);
            long session = client.sessionId();
            on(
                    client.transaction().completingOn(queue).forOperationsAsync(delete, create),
                    // It ran in this session unless that changed meanwhile; then the core looks again.
                    results -> core.created(mode() == CreateMode.EPHEMERAL ? session : 0),
                    cause -> {
                        if (cause instanceof TransactionFailedException refused
                                && (refused.failure() instanceof NoNodeException
                                        || refused.failure() instanceof BadVersionException
                                        || refused.failure() instanceof NodeExistsException)) {
                            core.changedMeanwhile();
                        } else {
                            failed(cause);
                        }
                    });
        }

        @Override
        public void delete(int version) {
            on(
                    client.delete().withVersion(version).completingOn(queue).forPathAsync(path),
                    deleted -> core.deleted(),
                    cause -> {
                        if (cause instanceof NoNodeException) {
                            core.deleted();
                        } else if (cause instanceof BadVersionException) {
                            core.changedMeanwhile();
                        } else {
                            failed(cause);
                        }
                    });
        }

        private void failed(RuntimeException cause) {
            boolean passing = cause instanceof OutcomeUnknown
                    || cause instanceof RequestTimeoutException
                    || cause instanceof SessionLostException
                    || cause instanceof TooManyRequestsException;
            if (!passing && lastFailure == null) {
                LOG.warn("The instance {} cannot be registered; it tries again", path, cause);
            }
            lastFailure = cause;
            settleIfLeaving();
            core.failed();
        }

        @Override
        public void pause(int failures, long ticket) {
            int factor = Math.min(LONGEST_PAUSE_FACTOR, 1 << Math.min(failures - 1, 30));
            Timer.schedule(queue, FIRST_PAUSE.multipliedBy(factor), () -> core.pauseOver(ticket));
        }

        @Override
        public void stateChanged(State next) {
            state = next;
            switch (next) {
                case REGISTERED -> {
                    lastFailure = null;
                    registered.complete(true);
                }
                case REGISTERING -> LOG.info("The instance {} was lost with its session; it registers again", path);
                case DISPLACED -> {
                    LOG.warn("The instance {} was registered by another process; this one is not registered now", path);
                    end();
                }
                case UNREGISTERED -> end();
            }
        }

        private <R extends @Nullable Object> void on(
                CompletionStage<R> stage, Consumer<R> success, Consumer<RuntimeException> failure) {
            stage.whenComplete((result, thrown) -> {
                if (thrown == null) {
                    success.accept(result);
                } else {
                    failure.accept(Callers.asUnchecked(thrown));
                }
            });
        }
    }
}
