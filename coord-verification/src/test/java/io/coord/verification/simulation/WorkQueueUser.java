package io.coord.verification.simulation;

import io.coord.client.internal.watch.WatchKind;
import io.coord.client.session.SessionEvent;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.recipes.internal.queue.Failure;
import io.coord.recipes.workqueue.DrivenConsumer;
import io.coord.verification.simulation.invariant.ItemsAreHandled;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Puts items to a queue, some of them due later, and consumes them as {@code ItemConsumer} does: the real core chooses, each item is
 * locked, handled, deleted and unlocked.
 */
final class WorkQueueUser implements RecipeUser, DrivenConsumer.World {
    static final String PATH = "/queue";
    static final String ITEMS = ItemsAreHandled.ITEMS;
    static final String LOCKS = ItemsAreHandled.LOCKS;
    private static final long MS = 1_000_000;
    private static final long FAILURE_PAUSE_NS = 200 * MS;
    private static final int SLOTS = 2;
    private static final int ANY_VERSION = -1;
    private static final int EPHEMERAL = 1;
    private static final int SEQUENTIAL = 2;
    private static final int PERSISTENT_WATCH = 0;

    /**
     * A lock that is held.
     *
     * @param mark its data, which no other lock has
     */
    private record Lock(String mark, long session) {}

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Random random;
    private final RecipeCalls calls;
    private final DrivenConsumer consumer;
    private final Map<String, Lock> locks = new HashMap<>();
    private int wakeUps;
    private int unlocksUnderWay;
    private boolean finishing;

    WorkQueueUser(SimulatedClient client, SimulatedCluster cluster, Random random) {
        this.client = client;
        this.cluster = cluster;
        this.random = random;
        this.calls = new RecipeCalls(client);
        this.consumer = new DrivenConsumer(SLOTS, this);
    }

    @Override
    public void start() {
        client.addListener(this::onSessionEvent);
        watch(ITEMS);
        watch(LOCKS);
        if (calls.isConnected()) {
            consumer.connected();
        }
        pauseThenPut();
    }

    /** What was put is still handled. */
    @Override
    public void end() {
        finishing = true;
    }

    @Override
    public boolean isEnded() {
        return consumer.isIdle()
                && unlocksUnderWay == 0
                && cluster.invariants().history().now(ITEMS).children().isEmpty();
    }

    @Override
    public String wish() {
        return "waits for items to be handled";
    }

    private void onSessionEvent(SessionEvent event) {
        switch (event.type()) {
            case CONNECTED, RECONNECTED -> consumer.connected();
            case SUSPENDED, LOST, CLOSED -> consumer.disconnected();
            case READ_ONLY -> {}
        }
        client.endTurn();
    }

    /** Outlives reconnects and lost sessions; only its first arming may have to be tried again. */
    private void watch(String path) {
        calls.watch(
                new AddWatchRequest(path, PERSISTENT_WATCH),
                client.watch(WatchKind.PERSISTENT, path, event -> {
                    consumer.changed();
                    client.endTurn();
                }),
                armed -> consumer.changed(),
                failure -> later(FAILURE_PAUSE_NS, () -> watch(path)));
    }

    private void later(long delayNs, Runnable task) {
        calls.after(delayNs, () -> {
            if (!client.isOver()) {
                task.run();
            }
        });
    }

    private void pauseThenPut() {
        later((long) ((0.1 + random.nextDouble()) * 1_500 * MS), () -> {
            if (!finishing) {
                put();
                pauseThenPut();
            }
        });
    }

    private void put() {
        int burst = random.nextInt(4) == 0 ? 3 : 1;
        for (int i = 0; i < burst; i++) {
            String prefix = random.nextInt(4) == 0
                    ? DrivenConsumer.prefixDueAt(nowMs() + random.nextInt(1_500))
                    : DrivenConsumer.ITEM_PREFIX;
            String item = client.uniqueName();
            calls.write(
                    create(ITEMS + '/' + prefix, item, SEQUENTIAL),
                    put -> {
                        cluster.stats().itemsPut++;
                        cluster.invariants().tell(ItemsAreHandled.class, each -> each.onPut(item));
                    },
                    failure -> {});
        }
    }

    private static CreateRequest create(String path, String data, int flags) {
        return new CreateRequest(OpCode.CREATE2, path, data.getBytes(StandardCharsets.UTF_8), Acl.OPEN, flags);
    }

    // ---- What the core wants

    @Override
    public long nowMs() {
        return client.process().wallMs();
    }

    @Override
    public void list() {
        children(LOCKS, locked -> children(ITEMS, items -> consumer.listed(items, locked)));
    }

    private void children(String path, Consumer<List<String>> listed) {
        calls.read(
                new GetChildrenRequest(OpCode.GET_CHILDREN2, path, false),
                response -> listed.accept(((GetChildren2Response) response).children()),
                failure -> consumer.listFailed());
    }

    @Override
    public void wakeAt(long epochMs) {
        int present = ++wakeUps;
        calls.after(Math.max(1, epochMs - nowMs()) * MS, () -> {
            if (present == wakeUps) {
                consumer.timeToLook();
            }
        });
    }

    @Override
    public void wakeAfterFailure() {
        calls.after(FAILURE_PAUSE_NS, consumer::timeToLook);
    }

    private static String lockOf(String name) {
        return LOCKS + '/' + name;
    }

    private static String itemOf(String name) {
        return ITEMS + '/' + name;
    }

    @Override
    public void take(String name) {
        if (DrivenConsumer.dueAt(name) > nowMs()) {
            cluster.invariants().onStuck(name + " is taken before it is due");
        }
        String mark = client.uniqueName();
        calls.write(
                create(lockOf(name), mark, EPHEMERAL),
                created -> {
                    locks.put(
                            name,
                            new Lock(mark, ((Create2Response) created).stat().ephemeralOwner()));
                    read(name);
                },
                failure -> {
                    if (failure.kind() == Failure.Kind.NODE_EXISTS) {
                        cluster.stats().itemsLockedByOthers++;
                        consumer.lockedByOther(name);
                        return;
                    }
                    if (failure.kind() == Failure.Kind.UNKNOWN) {
                        removeLockIfThere(name, mark);
                    }
                    giveUp(name);
                });
    }

    private void read(String name) {
        calls.read(
                new GetDataRequest(itemOf(name), false),
                read -> {
                    byte[] data = ((GetDataResponse) read).data();
                    work(name, new String(data == null ? new byte[0] : data, StandardCharsets.UTF_8));
                },
                failure -> {
                    if (failure.kind() == Failure.Kind.NO_NODE) {
                        unlock(name);
                        consumer.gone(name);
                    } else {
                        giveUp(name);
                    }
                });
    }

    private void giveUp(String name) {
        unlock(name);
        consumer.failed(name);
    }

    private void work(String name, String item) {
        Lock lock = locks.get(name);
        Object worker = new Object();
        boolean fails = random.nextInt(10) == 0;
        cluster.trace().add(client.process().name() + " works on " + name);
        cluster.invariants()
                .tell(
                        ItemsAreHandled.class,
                        each -> each.onWork(
                                client.id(),
                                name,
                                worker,
                                () -> lock != null && client.isLeaseAlive() && client.sessionId() == lock.session()));
        later((long) (random.nextDouble() * 100 * MS), () -> {
            cluster.invariants().tell(ItemsAreHandled.class, each -> each.onWorked(name, worker, fails ? "" : item));
            if (fails) {
                putBack(name, item);
            } else {
                cluster.stats().itemsHandled++;
                delete(name);
            }
        });
    }

    /** Until it is surely gone the lock keeps others from doing the same work again. */
    private void delete(String name) {
        calls.repeatable(new DeleteRequest(itemOf(name), ANY_VERSION), deleted -> leave(name), failure -> {
            if (failure.kind() == Failure.Kind.NO_NODE) {
                leave(name);
            } else {
                later(FAILURE_PAUSE_NS, () -> delete(name));
            }
        });
    }

    private void leave(String name) {
        unlock(name);
        consumer.finished(name);
    }

    /** Only while the lock is still held: otherwise somebody else may be at work on the item. */
    private void putBack(String name, String item) {
        Lock held = locks.get(name);
        Runnable whenDone = () -> {
            unlock(name);
            consumer.finished(name);
            consumer.changed();
        };
        if (held == null || held.session() != client.sessionId()) {
            whenDone.run();
            return;
        }
        String prefix = DrivenConsumer.dueAt(name) == 0
                ? DrivenConsumer.ITEM_PREFIX
                : DrivenConsumer.prefixDueAt(nowMs() + 200);
        List<Request> operations = List.of(
                new CheckVersionRequest(lockOf(name), ANY_VERSION),
                new DeleteRequest(itemOf(name), ANY_VERSION),
                create(ITEMS + '/' + prefix, item, SEQUENTIAL));
        calls.write(
                new MultiRequest(operations),
                done -> {
                    if (RecipeCalls.isDone((MultiResponse) done)) {
                        cluster.stats().itemsPutBack++;
                    }
                    later(FAILURE_PAUSE_NS, whenDone);
                },
                failure -> later(FAILURE_PAUSE_NS, whenDone));
    }

    // ---- locks

    private void unlock(String name) {
        Lock held = locks.remove(name);
        if (held != null) {
            deleteLock(name, held);
        }
    }

    /** Never after the end of its session: then the lock vanishes by itself, and the next of that name is somebody else's. */
    private void deleteLock(String name, Lock lock) {
        if (client.sessionId() == lock.session()) {
            unlocksUnderWay++;
            calls.writeAsOthersDo(
                    new DeleteRequest(lockOf(name), ANY_VERSION), deleted -> unlocksUnderWay--, failure -> {
                        unlocksUnderWay--;
                        lookForLockLater(name, lock.mark(), failure);
                    });
        }
    }

    private void lookForLockLater(String name, String mark, Failure failure) {
        switch (failure.kind()) {
            case NO_NODE, FINAL -> {}
            case UNKNOWN, TRANSIENT, SESSION_OVER, NODE_EXISTS -> {
                unlocksUnderWay++;
                later(FAILURE_PAUSE_NS, () -> {
                    unlocksUnderWay--;
                    removeLockIfThere(name, mark);
                });
            }
        }
    }

    /** A lock whose creation or deletion was not answered; meanwhile the item may have been locked anew, which the mark tells. */
    private void removeLockIfThere(String name, String mark) {
        unlocksUnderWay++;
        calls.read(
                new GetDataRequest(lockOf(name), false),
                read -> {
                    unlocksUnderWay--;
                    GetDataResponse found = (GetDataResponse) read;
                    byte[] data = found.data();
                    if (data != null && new String(data, StandardCharsets.UTF_8).equals(mark)) {
                        deleteLock(name, new Lock(mark, found.stat().ephemeralOwner()));
                    }
                },
                failure -> {
                    unlocksUnderWay--;
                    lookForLockLater(name, mark, failure);
                });
    }
}
