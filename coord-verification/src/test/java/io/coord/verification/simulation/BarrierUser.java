package io.coord.verification.simulation;

import io.coord.client.internal.watch.WatchKind;
import io.coord.client.session.SessionEvent;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.recipes.barrier.DrivenBarrier;
import io.coord.recipes.internal.queue.Failure;
import io.coord.verification.simulation.invariant.BarriersHoldBack;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for a barrier again and again, gives up now and then; puts it up, changes it and lifts it in between. */
final class BarrierUser implements RecipeUser {
    static final String DIRECTORY = "/barrier";
    private static final String PATH = DIRECTORY + "/b";
    private static final long MS = 1_000_000;
    private static final int ANY_VERSION = -1;

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Random random;
    private final RecipeCalls calls;
    private boolean finishing;
    private boolean lifted;
    private boolean passedLast;

    BarrierUser(SimulatedClient client, SimulatedCluster cluster, Random random) {
        this.client = client;
        this.cluster = cluster;
        this.random = random;
        this.calls = new RecipeCalls(client);
    }

    @Override
    public void start() {
        pauseThenWait();
        pauseThenMove();
    }

    /** Everybody lifts the barrier, and must pass once more, however long it has been waiting. */
    @Override
    public void end() {
        finishing = true;
    }

    @Override
    public boolean isEnded() {
        return lifted && passedLast;
    }

    @Override
    public String wish() {
        return lifted ? "waits for a barrier that is lifted" : "cannot lift a barrier";
    }

    private void after(double mostMs, Runnable task) {
        calls.after((long) ((0.1 + random.nextDouble()) * mostMs * MS), () -> {
            if (!client.isOver()) {
                task.run();
            }
        });
    }

    // ---- the barrier itself

    private void pauseThenMove() {
        after(800, this::move);
    }

    private void move() {
        if (finishing) {
            calls.repeatable(new DeleteRequest(PATH, ANY_VERSION), deleted -> lifted = true, failure -> {
                if (failure.kind() == Failure.Kind.NO_NODE) {
                    lifted = true;
                } else {
                    pauseThenMove();
                }
            });
            return;
        }
        byte[] data = client.uniqueName().getBytes(StandardCharsets.UTF_8);
        Runnable next = this::pauseThenMove;
        switch (random.nextInt(5)) {
            case 0, 1, 2 ->
                calls.write(
                        new CreateRequest(OpCode.CREATE2, PATH, data, Acl.OPEN, 0),
                        created -> next.run(),
                        failure -> next.run());
            case 3 ->
                calls.write(new SetDataRequest(PATH, data, ANY_VERSION), changed -> next.run(), failure -> next.run());
            default ->
                calls.repeatable(new DeleteRequest(PATH, ANY_VERSION), deleted -> next.run(), failure -> next.run());
        }
    }

    // ---- waiting

    private void pauseThenWait() {
        after(500, () -> {
            Wait next = new Wait();
            next.begin();
            after(3_000, () -> {
                if (!finishing) {
                    next.giveUp();
                }
            });
        });
    }

    private final class Wait implements DrivenBarrier.World {
        private final DrivenBarrier barrier = new DrivenBarrier(this);
        private final Consumer<SessionEvent> sessionEvents = this::onSessionEvent;
        private @Nullable OneShotWatch watch;
        private boolean over;

        void begin() {
            cluster.invariants().tell(BarriersHoldBack.class, each -> each.onWaits(client.id(), PATH, this));
            client.addListener(sessionEvents);
            barrier.start(calls.isConnected());
        }

        void giveUp() {
            if (!over) {
                end();
                pauseThenWait();
            }
        }

        private void end() {
            over = true;
            barrier.stop();
            client.removeListener(sessionEvents);
        }

        private void onSessionEvent(SessionEvent event) {
            switch (event.type()) {
                case CONNECTED, RECONNECTED -> barrier.connected();
                case SUSPENDED, LOST, CLOSED -> barrier.disconnected();
                case READ_ONLY -> {}
            }
            client.endTurn();
        }

        @Override
        public void look(long ticket) {
            OneShotWatch armed = new OneShotWatch(fired -> {
                barrier.changed(ticket);
                client.endTurn();
            });
            watch = armed;
            calls.watch(
                    new GetDataRequest(PATH, true),
                    client.watch(WatchKind.DATA, PATH, armed.watcher()),
                    found -> barrier.found(ticket),
                    failure -> {
                        armed.end();
                        barrier.lookFailed(ticket, failure);
                    });
        }

        @Override
        public void unwatch() {
            if (watch != null) {
                watch.end();
                watch = null;
            }
        }

        @Override
        public void pause(int failures, long ticket) {
            calls.afterFailures(failures, () -> barrier.pauseOver(ticket));
        }

        @Override
        public void open() {
            if (over) {
                return;
            }
            cluster.stats().barriersPassed++;
            cluster.trace().add(client.process().name() + " passes " + PATH);
            cluster.invariants().tell(BarriersHoldBack.class, each -> each.onPasses(this));
            end();
            passedLast |= finishing;
            if (!passedLast) {
                pauseThenWait();
            }
        }

        @Override
        public void refused(RuntimeException cause) {
            if (!client.isClosing()) {
                cluster.invariants().onStuck(client.process().name() + " was refused at a barrier: " + cause);
            }
        }
    }
}
