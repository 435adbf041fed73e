package io.coord.recipes.workqueue;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.TransactionOp;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.OutcomeUnknown;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes items out of a queue, each under an ephemeral lock of its own name, as Curator's consumers with a lock path do. The lock
 * is given back after the item was deleted, so an item that is worked on is not taken by anybody else; when this process dies or
 * its session ends, it is. Its serial queue owns it.
 */
final class ItemConsumer implements ConsumerCore.Port {
    private static final Logger LOG = LoggerFactory.getLogger(ItemConsumer.class);
    private static final Duration FAILURE_PAUSE = Duration.ofMillis(500);

    private final CoordClient client;
    private final QueueSettings settings;
    private final WorkHandler handler;
    private final LongSupplier clockMs;
    private final SerialExecutor queue;
    private final SerialExecutor callbacks;
    private final ConsumerCore core;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    /** By which a repeated creation knows its own lock. */
    private final byte[] lockData = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);

    /** Sessions of the locks that are held. */
    private final Map<String, Long> owners = new HashMap<>();

    private @Nullable Registration sessionEvents;
    private final List<Watch> watches = new ArrayList<>();
    private @Nullable Timer timer;
    private boolean stopping;

    ItemConsumer(QueueSettings settings, WorkHandler handler, LongSupplier clockMs) {
        this.client = settings.client();
        this.settings = settings;
        this.handler = handler;
        this.clockMs = clockMs;
        this.queue = client.serialExecutor();
        this.callbacks = client.callbackExecutor();
        this.core = new ConsumerCore(settings.concurrency(), this);
    }

    void start() {
        queue.execute(() -> {
            sessionEvents = client.addSessionListener(this::onSessionEvent, queue);
            watch(settings.path());
            watch(settings.lockPath());
            if (client.state() == SessionState.CONNECTED) {
                core.connected();
            }
        });
    }

    /** Takes no more items. The stage completes when those that were taken are finished. */
    CompletableFuture<Void> stop() {
        queue.execute(() -> {
            stopping = true;
            core.stop();
            if (timer != null) {
                timer.cancel();
            }
            watches.forEach(Watch::close);
            watches.clear();
            completeWhenIdle();
        });
        return idle;
    }

    private void completeWhenIdle() {
        if (stopping && core.isIdle()) {
            if (sessionEvents != null) {
                sessionEvents.close();
                sessionEvents = null;
            }
            idle.complete(null);
        }
    }

    private void onSessionEvent(SessionEvent event) {
        SessionEvent.Type type = event.type();
        if (type == SessionEvent.Type.CONNECTED || type == SessionEvent.Type.RECONNECTED) {
            core.connected();
        } else if (type == SessionEvent.Type.SUSPENDED || type == SessionEvent.Type.LOST) {
            core.disconnected();
        } else if (type == SessionEvent.Type.CLOSED) {
            core.stop();
            core.disconnected();
            idle.complete(null);
        }
    }

    /** A watch outlives reconnects and lost sessions; only its first arming may have to be tried again. */
    private void watch(String path) {
        client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT)
                .usingWatcher(event -> core.changed(), queue)
                .completingOn(queue)
                .forPathAsync(path)
                .whenComplete((armed, failure) -> {
                    if (failure == null && stopping) {
                        armed.close();
                    } else if (failure == null) {
                        watches.add(armed);
                        core.changed();
                    } else if (!stopping && client.state() != SessionState.CLOSED) {
                        Timer.schedule(queue, FAILURE_PAUSE, () -> watch(path));
                    }
                });
    }

    // ---- what the core asks for

    @Override
    public long nowMs() {
        return clockMs.getAsLong();
    }

    @Override
    public void list() {
        children(settings.lockPath(), locks -> children(settings.path(), names -> core.listed(names, locks)));
    }

    private void children(String path, Consumer<List<String>> whenListed) {
        client.getChildren().completingOn(queue).forPathAsync(path).whenComplete((names, failure) -> {
            if (failure == null) {
                whenListed.accept(names);
            } else if (Callers.asUnchecked(failure) instanceof NoNodeException) {
                whenListed.accept(List.of());
            } else {
                core.listFailed();
            }
        });
    }

    @Override
    public void wakeAt(long epochMs) {
        if (timer != null) {
            timer.cancel();
        }
        timer = Timer.schedule(queue, Duration.ofMillis(Math.max(1, epochMs - nowMs())), core::timeToLook);
    }

    @Override
    public void wakeAfterFailure() {
        Timer.schedule(queue, FAILURE_PAUSE, core::timeToLook);
    }

    @Override
    public void take(String name) {
        StatHolder stat = new StatHolder();
        client.create()
                .idempotent()
                .creatingParentContainersIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .storingStatIn(stat)
                .completingOn(queue)
                .forPathAsync(lockOf(name), lockData)
                .whenComplete((created, failure) -> {
                    if (failure == null) {
                        owners.put(name, stat.get().ephemeralOwner());
                        read(name);
                        return;
                    }
                    RuntimeException cause = Callers.asUnchecked(failure);
                    if (cause instanceof NodeExistsException) {
                        core.lockedByOther(name);
                        completeWhenIdle();
                        return;
                    }
                    if (cause instanceof OutcomeUnknown) {
                        findOutWhoseLock(name);
                    }
                    giveUp(name, cause);
                });
    }

    /** The lock that is there may be this consumer's, which nobody else would remove before the end of the session. */
    private void findOutWhoseLock(String name) {
        StatHolder stat = new StatHolder();
        client.getData()
                .storingStatIn(stat)
                .afterSync()
                .completingOn(queue)
                .forPathAsync(lockOf(name))
                .whenComplete((data, failure) -> {
                    if (failure == null) {
                        if (Arrays.equals(data, lockData)) {
                            deleteLock(name, stat.get().ephemeralOwner());
                        }
                    } else if (!(Callers.asUnchecked(failure) instanceof NoNodeException)
                            && client.state() != SessionState.CLOSED) {
                        Timer.schedule(queue, FAILURE_PAUSE, () -> findOutWhoseLock(name));
                    }
                });
    }

    private String lockOf(String name) {
        return ZnodePath.child(settings.lockPath(), name);
    }

    private String itemOf(String name) {
        return ZnodePath.child(settings.path(), name);
    }

    private void read(String name) {
        client.getData().completingOn(queue).forPathAsync(itemOf(name)).whenComplete((data, failure) -> {
            if (failure == null) {
                work(name, data);
            } else if (Callers.asUnchecked(failure) instanceof NoNodeException) {
                unlock(name);
                core.gone(name);
                completeWhenIdle();
            } else {
                giveUp(name, Callers.asUnchecked(failure));
            }
        });
    }

    private void giveUp(String name, RuntimeException cause) {
        LOG.debug("The item {} could not be taken; it is tried again", itemOf(name), cause);
        unlock(name);
        core.failed(name);
        completeWhenIdle();
    }

    private void work(String name, byte[] data) {
        List<byte[]> items;
        try {
            items = ItemFormat.decode(data);
        } catch (IllegalArgumentException e) {
            LOG.warn("{} is no item of a queue and is left where it is: {}", itemOf(name), e.getMessage());
            unlock(name);
            core.unreadable(name);
            completeWhenIdle();
            return;
        }
        callbacks.execute(() ->
                handleAll(items, 0).whenComplete((done, failure) -> queue.execute(() -> worked(name, data, failure))));
    }

    /** One after the other: items that were put together stay in their order. */
    private CompletionStage<@Nullable Void> handleAll(List<byte[]> items, int from) {
        if (from == items.size()) {
            return CompletableFuture.completedFuture(null);
        }
        CompletionStage<?> work;
        try {
            work = handler.handle(items.get(from));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return work.thenCompose(done -> handleAll(items, from + 1));
    }

    private void worked(String name, byte[] data, @Nullable Throwable failure) {
        if (failure == null) {
            delete(name);
            return;
        }
        switch (settings.onFailure()) {
            case DISCARD -> {
                LOG.warn("The work on {} failed; the item is discarded", itemOf(name), Callers.asUnchecked(failure));
                delete(name);
            }
            case REQUEUE -> {
                LOG.warn("The work on {} failed; the item is put back", itemOf(name), Callers.asUnchecked(failure));
                putBack(name, data);
            }
        }
    }

    private void delete(String name) {
        client.delete()
                .guaranteed()
                .quietly()
                .completingOn(queue)
                .forPathAsync(itemOf(name))
                .whenComplete((deleted, failure) -> {
                    if (failure != null) {
                        LOG.debug("{} is deleted in the background", itemOf(name), failure);
                    }
                    unlock(name);
                    core.finished(name);
                    completeWhenIdle();
                });
    }

    /** Only while the lock is still held: otherwise somebody else may be at work on the item. */
    private void putBack(String name, byte[] data) {
        if (!holdsLock(name)) {
            unlock(name);
            core.finished(name);
            core.changed();
            completeWhenIdle();
            return;
        }
        TransactionOp locked = client.transactionOp().check().forPath(lockOf(name));
        TransactionOp delete = client.transactionOp().delete().forPath(itemOf(name));
        TransactionOp create = client.transactionOp()
                .create()
                .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                .forPath(ZnodePath.child(settings.path(), prefixOfRequeued(name)), data);
        client.transaction()
                .completingOn(queue)
                .forOperationsAsync(locked, delete, create)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.debug("{} was not put back; it stays where it is", itemOf(name), failure);
                    }
                    // The pause keeps an item that always fails from keeping everybody busy.
                    Timer.schedule(queue, settings.retryPause(), () -> {
                        unlock(name);
                        core.finished(name);
                        core.changed();
                        completeWhenIdle();
                    });
                });
    }

    private String prefixOfRequeued(String name) {
        return ItemFormat.dueAt(name) == 0
                ? ItemFormat.NAME_PREFIX
                : ItemFormat.prefixDueAt(nowMs() + settings.retryPause().toMillis());
    }

    private boolean holdsLock(String name) {
        Long owner = owners.get(name);
        return owner != null && owner == client.sessionId();
    }

    private void unlock(String name) {
        Long owner = owners.remove(name);
        if (owner != null) {
            deleteLock(name, owner);
        }
    }

    /** Never after the end of its session: then the lock vanishes by itself, and the next of that name is somebody else's. */
    private void deleteLock(String name, long owner) {
        if (client.sessionId() != owner || client.state() == SessionState.CLOSED) {
            return;
        }
        client.delete().quietly().completingOn(queue).forPathAsync(lockOf(name)).whenComplete((deleted, failure) -> {
            if (failure != null) {
                Timer.schedule(queue, FAILURE_PAUSE, () -> deleteLock(name, owner));
            }
        });
    }
}
