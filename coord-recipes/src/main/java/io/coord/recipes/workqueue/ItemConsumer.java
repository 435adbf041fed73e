package io.coord.recipes.workqueue;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.TransactionOp;
import io.coord.client.error.ClientClosedException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.UnreadableDataException;
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
import io.coord.recipes.internal.queue.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    private final String id = UUID.randomUUID().toString();
    private final Map<String, Lock> locks = new HashMap<>();
    private long lockings;

    private @Nullable Registration sessionEvents;
    private final List<Watch> watches = new ArrayList<>();
    private @Nullable Timer timer;
    private boolean stopping;

    /**
     * A lock that is held.
     *
     * @param mark its data, no two locks have the same: by that a repeated creation, or a later look, knows it
     * @param session in which it was created
     */
    private record Lock(byte[] mark, long session) {}

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
                LOG.debug("{} could not be listed; it is tried again", path, failure);
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
        byte[] mark = (id + '-' + ++lockings).getBytes(StandardCharsets.UTF_8);
        StatHolder stat = new StatHolder();
        client.create()
                .idempotent()
                .uncompressed()
                .creatingParentContainersIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .storingStatIn(stat)
                .completingOn(queue)
                .forPathAsync(lockOf(name), mark)
                .whenComplete((created, failure) -> {
                    if (failure == null) {
                        locks.put(name, new Lock(mark, stat.get().ephemeralOwner()));
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
                        removeLockIfThere(name, mark);
                    }
                    giveUp(name, cause);
                });
    }

    /**
     * A lock that was created or deleted without an answer may be there, and nobody else would remove it before the end of the
     * session. Meanwhile the item may have been locked anew, which the mark tells.
     */
    private void removeLockIfThere(String name, byte[] mark) {
        StatHolder stat = new StatHolder();
        Failure.on(
                client.getData()
                        .undecompressed()
                        .storingStatIn(stat)
                        .afterSync()
                        .completingOn(queue)
                        .forPathAsync(lockOf(name)),
                data -> {
                    if (Arrays.equals(data, mark)) {
                        deleteLock(name, new Lock(mark, stat.get().ephemeralOwner()));
                    }
                },
                failure -> lookForLockLater(name, mark, failure));
    }

    private void lookForLockLater(String name, byte[] mark, Failure failure) {
        switch (failure.kind()) {
            case NO_NODE -> {}
            case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS ->
                Timer.schedule(queue, FAILURE_PAUSE, () -> removeLockIfThere(name, mark));
            case FINAL -> {
                if (!(failure.cause() instanceof ClientClosedException)) {
                    LOG.warn(
                            "{} cannot be deleted and stays until the session of this client ends",
                            lockOf(name),
                            failure.cause());
                }
            }
        }
    }

    private String lockOf(String name) {
        return ZnodePath.child(settings.lockPath(), name);
    }

    private String itemOf(String name) {
        return ZnodePath.child(settings.path(), name);
    }

    private void read(String name) {
        // An item may be long and compressed: no work for the queue's thread.
        client.getData()
                .forPathAsync(itemOf(name))
                .whenComplete((data, failure) -> queue.execute(() -> {
                    if (failure == null) {
                        work(name, data);
                        return;
                    }
                    RuntimeException cause = Callers.asUnchecked(failure);
                    if (cause instanceof NoNodeException) {
                        unlock(name);
                        core.gone(name);
                        completeWhenIdle();
                    } else if (cause instanceof UnreadableDataException) {
                        leaveAlone(name, cause);
                    } else {
                        giveUp(name, cause);
                    }
                }));
    }

    private void leaveAlone(String name, RuntimeException cause) {
        LOG.warn("{} is no item of a queue and is left where it is: {}", itemOf(name), cause.getMessage());
        unlock(name);
        core.leaveAlone(name);
        completeWhenIdle();
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
            leaveAlone(name, e);
            return;
        }
        callbacks.execute(() -> handleNext(items.iterator(), failure -> worked(name, data, failure)));
    }

    /**
     * On the callback queue. One after the other: items that were put together stay in their order.
     *
     * @param whenDone told on the consumer's queue, null when all was well
     */
    private void handleNext(Iterator<byte[]> items, Consumer<@Nullable Throwable> whenDone) {
        if (!items.hasNext()) {
            queue.execute(() -> whenDone.accept(null));
            return;
        }
        try {
            handler.handle(items.next()).whenComplete((done, failure) -> {
                if (failure == null) {
                    callbacks.execute(() -> handleNext(items, whenDone));
                } else {
                    queue.execute(() -> whenDone.accept(failure));
                }
            });
        } catch (Throwable e) {
            // Errors, too, or a stage that is null: the item must not stay taken for ever.
            queue.execute(() -> whenDone.accept(e));
        }
    }

    private void worked(String name, byte[] data, @Nullable Throwable failure) {
        if (failure == null) {
            delete(name);
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        switch (settings.onFailure()) {
            case DISCARD -> {
                LOG.warn("The work on {} failed; the item is discarded", itemOf(name), cause);
                delete(name);
            }
            case REQUEUE -> {
                LOG.warn("The work on {} failed; the item is put back", itemOf(name), cause);
                putBack(name, data);
            }
        }
    }

    /** Until it is surely gone the lock keeps others from doing the same work again. */
    private void delete(String name) {
        Failure.on(
                client.delete().idempotent().completingOn(queue).forPathAsync(itemOf(name)),
                deleted -> leave(name),
                failure -> {
                    switch (failure.kind()) {
                        case NO_NODE -> leave(name);
                        case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS ->
                            Timer.schedule(queue, FAILURE_PAUSE, () -> delete(name));
                        case FINAL -> deleteRefused(name, failure.cause());
                    }
                });
    }

    private void deleteRefused(String name, RuntimeException cause) {
        if (!(cause instanceof ClientClosedException)) {
            LOG.error("The work on {} is done, but the item cannot be deleted", itemOf(name), cause);
        }
        unlock(name);
        core.leaveAlone(name);
        completeWhenIdle();
    }

    private void leave(String name) {
        unlock(name);
        core.finished(name);
        completeWhenIdle();
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
                        LOG.warn("{} was not put back; it stays where it is", itemOf(name), failure);
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
        Lock held = locks.get(name);
        return held != null && held.session() == client.sessionId();
    }

    private void unlock(String name) {
        Lock held = locks.remove(name);
        if (held != null) {
            deleteLock(name, held);
        }
    }

    /** Never after the end of its session: then the lock vanishes by itself, and the next of that name is somebody else's. */
    private void deleteLock(String name, Lock lock) {
        if (client.sessionId() == lock.session() && client.state() != SessionState.CLOSED) {
            Failure.on(
                    client.delete().completingOn(queue).forPathAsync(lockOf(name)),
                    deleted -> {},
                    failure -> lookForLockLater(name, lock.mark(), failure));
        }
    }
}
