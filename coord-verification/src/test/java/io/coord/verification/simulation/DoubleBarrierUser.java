package io.coord.verification.simulation;

import io.coord.client.error.ClientClosedException;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.EventType;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.recipes.barrier.DrivenDoubleBarrier;
import io.coord.recipes.internal.queue.Failure;
import io.coord.verification.simulation.invariant.DoubleBarriersHoldTogether;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A member of a double barrier that all clients go through together, again and again; now and then one does not wait for the others. */
final class DoubleBarrierUser implements RecipeUser, DrivenDoubleBarrier.World {
    static final String PATH = DoubleBarriersHoldTogether.PATH;
    private static final long MS = 1_000_000;
    private static final int ANY_VERSION = -1;
    private static final int EPHEMERAL = 1;

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Random random;
    private final RecipeCalls calls;
    private final BooleanSupplier everybodyIsThrough;
    private final DrivenDoubleBarrier barrier;
    private final Map<Long, OneShotWatch> watches = new HashMap<>();
    private boolean finishing;
    private boolean through;
    private int round;
    private String member = "";
    private @Nullable String created;
    private @Nullable Object leaving;

    /** @param everybodyIsThrough whether all members have gone through once since the faults are over */
    DoubleBarrierUser(
            SimulatedClient client, SimulatedCluster cluster, Random random, BooleanSupplier everybodyIsThrough) {
        this.client = client;
        this.cluster = cluster;
        this.random = random;
        this.calls = new RecipeCalls(client);
        this.everybodyIsThrough = everybodyIsThrough;
        this.barrier = new DrivenDoubleBarrier(
                DoubleBarriersHoldTogether.QUANTITY,
                () -> {
                    member = "m" + client.uniqueName();
                    return member;
                },
                this);
    }

    @Override
    public void start() {
        client.addListener(this::onSessionEvent);
        pauseThenEnter();
    }

    /** Each member goes through once more, and on as long as others need it for that. */
    @Override
    public void end() {
        finishing = true;
    }

    @Override
    public boolean isEnded() {
        return through;
    }

    @Override
    public String wish() {
        return barrier.isInside() ? "is inside a double barrier" : "waits at a double barrier";
    }

    private void onSessionEvent(SessionEvent event) {
        switch (event.type()) {
            case CONNECTED, RECONNECTED -> barrier.connected();
            case SUSPENDED -> barrier.suspended();
            case LOST -> {
                created = null;
                Object call = leaving;
                if (call != null) {
                    cluster.invariants().tell(DoubleBarriersHoldTogether.class, each -> each.onGivesUp(call));
                }
                barrier.sessionLost();
            }
            case CLOSED -> barrier.clientClosed(new ClientClosedException("barrier", PATH, "closed"));
            case READ_ONLY -> {}
        }
        client.endTurn();
    }

    private void after(double mostMs, Runnable task) {
        calls.after((long) ((0.1 + random.nextDouble()) * mostMs * MS), () -> {
            if (!client.isOver()) {
                task.run();
            }
        });
    }

    private void pauseThenEnter() {
        after(600, this::enter);
    }

    private void enter() {
        int present = ++round;
        barrier.enter(client.state() == SessionState.CONNECTED);
        waitForTheOthers(present);
    }

    /** With the patience of its caller, which has no end when the faults are over, unless nobody else needs it. */
    private void waitForTheOthers(int ofRound) {
        after(4_000, () -> {
            if (round != ofRound || barrier.isInside() || leaving != null) {
                return;
            }
            if (finishing && !everybodyIsThrough.getAsBoolean()) {
                waitForTheOthers(ofRound);
            } else {
                barrier.withdraw();
                if (finishing) {
                    round++;
                } else {
                    pauseThenEnter();
                }
            }
        });
    }

    private void leave() {
        int present = ++round;
        boolean isLast = finishing;
        Object call = new Object();
        leaving = call;
        cluster.invariants().tell(DoubleBarriersHoldTogether.class, each -> each.onLeaves(client.id(), created, call));
        barrier.leave(client.state() == SessionState.CONNECTED);
        if (!isLast) {
            after(6_000, () -> {
                if (round == present && !finishing) {
                    leaving = null;
                    cluster.invariants().tell(DoubleBarriersHoldTogether.class, each -> each.onGivesUp(call));
                    barrier.stopWaitingForOthers();
                    round++;
                    pauseThenEnter();
                }
            });
        }
    }

    // ---- What the core wants

    @Override
    public long session() {
        return client.sessionId();
    }

    private static String child(String name) {
        return PATH + '/' + name;
    }

    @Override
    public void create(String name) {
        byte[] data = client.uniqueName().getBytes(StandardCharsets.UTF_8);
        calls.write(
                new CreateRequest(OpCode.CREATE2, child(name), data, Acl.OPEN, EPHEMERAL),
                done -> barrier.created(),
                barrier::createFailed);
    }

    @Override
    public void list() {
        calls.read(
                new GetChildrenRequest(OpCode.GET_CHILDREN2, PATH, false),
                listed -> barrier.listed(((GetChildren2Response) listed).children()),
                barrier::listFailed);
    }

    @Override
    public void createReady() {
        byte[] data = client.uniqueName().getBytes(StandardCharsets.UTF_8);
        calls.write(
                new CreateRequest(OpCode.CREATE2, child(DrivenDoubleBarrier.READY), data, Acl.OPEN, 0),
                done -> barrier.readyCreated(),
                barrier::createReadyFailed);
    }

    @Override
    public void delete(String name) {
        calls.repeatable(new DeleteRequest(child(name), ANY_VERSION), deleted -> barrier.deleted(name), failure -> {
            if (failure.kind() == Failure.Kind.NO_NODE) {
                barrier.deleted(name);
            } else {
                barrier.deleteFailed(failure);
            }
        });
    }

    @Override
    public void watch(String name, long ticket) {
        OneShotWatch armed = new OneShotWatch(fired -> {
            watches.remove(ticket);
            barrier.changed(ticket, fired.type() == EventType.NODE_CREATED);
            client.endTurn();
        });
        watches.put(ticket, armed);
        calls.watch(
                new ExistsRequest(child(name), true),
                client.watch(WatchKind.DATA, child(name), armed.watcher()),
                found -> barrier.watched(ticket, true),
                failure -> {
                    if (failure.kind() == Failure.Kind.NO_NODE) {
                        // It is armed all the same.
                        barrier.watched(ticket, false);
                    } else {
                        unwatch(ticket);
                        barrier.watchFailed(ticket, failure);
                    }
                });
    }

    @Override
    public void unwatch(long ticket) {
        OneShotWatch watch = watches.remove(ticket);
        if (watch != null) {
            watch.end();
        }
    }

    @Override
    public void pause(int failures, long ticket) {
        calls.afterFailures(failures, () -> barrier.pauseOver(ticket));
    }

    @Override
    public void entered() {
        round++;
        cluster.stats().doubleBarriersEntered++;
        cluster.trace().add(client.process().name() + " enters by " + member);
        cluster.invariants().tell(DoubleBarriersHoldTogether.class, each -> each.onEntered(client.id(), member));
        created = member;
        after(200, this::leave);
    }

    @Override
    public void left() {
        Object call = leaving;
        if (call == null) {
            return;
        }
        leaving = null;
        round++;
        cluster.stats().doubleBarriersLeft++;
        cluster.trace().add(client.process().name() + " has left");
        cluster.invariants().tell(DoubleBarriersHoldTogether.class, each -> each.onLeft(call));
        through |= finishing;
        if (!finishing || !everybodyIsThrough.getAsBoolean()) {
            pauseThenEnter();
        }
    }

    @Override
    public void refused(RuntimeException cause) {
        if (!client.isClosing()) {
            cluster.invariants().onStuck(client.process().name() + " was refused at a double barrier: " + cause);
        }
    }
}
