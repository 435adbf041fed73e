package io.coord.verification.simulation;

import io.coord.client.error.BadVersionException;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.StatResponse;
import io.coord.recipes.internal.node.DrivenKeptNode;
import io.coord.recipes.internal.node.KeptNode;
import io.coord.recipes.internal.queue.Failure;
import io.coord.verification.simulation.invariant.KeptZnode;
import io.coord.verification.simulation.invariant.KeptZnodesAreThere;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps an ephemeral znode in place, which others overwrite and delete; gives it up now and then and takes another. */
final class KeptNodeUser implements RecipeUser {
    static final String DIRECTORY = "/kept";
    private static final String SHARED = DIRECTORY + "/shared";
    private static final long MS = 1_000_000;
    private static final int EPHEMERAL = 1;
    private static final int PERSISTENT_WATCH = 0;

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Random random;
    private final String path;
    private final boolean takesOver;
    private final RecipeCalls calls;
    private @Nullable Kept kept;
    private boolean finishing;

    private KeptNodeUser(
            SimulatedClient client, SimulatedCluster cluster, Random random, String path, boolean takesOver) {
        this.client = client;
        this.cluster = cluster;
        this.random = random;
        this.path = path;
        this.takesOver = takesOver;
        this.calls = new RecipeCalls(client);
    }

    /** A znode that each client in that place has in its turn, and takes over from the one before. */
    static KeptNodeUser own(SimulatedClient client, SimulatedCluster cluster, Random random, int place) {
        return new KeptNodeUser(client, cluster, random, pathOf(place), true);
    }

    /** A znode that all clients want. */
    static KeptNodeUser shared(SimulatedClient client, SimulatedCluster cluster, Random random) {
        return new KeptNodeUser(client, cluster, random, SHARED, false);
    }

    /** One that is kept, the shared one too. */
    static String anyPath(Random chooser, int places) {
        int place = chooser.nextInt(places + 1);
        return place < places ? pathOf(place) : SHARED;
    }

    private static String pathOf(int place) {
        return DIRECTORY + "/n" + place;
    }

    @Override
    public void start() {
        if (!client.isClosing()) {
            Kept next = new Kept();
            kept = next;
            next.start();
            client.process().in((long) (random.nextDouble() * 2_000 * MS), () -> {
                next.node.update();
                client.endTurn();
            });
            client.process().in((long) ((1 + random.nextDouble()) * 4_000 * MS), () -> {
                if (!finishing) {
                    next.node.remove();
                    client.endTurn();
                }
            });
            client.endTurn();
        }
    }

    /** It is kept from now on. */
    @Override
    public void end() {
        finishing = true;
    }

    @Override
    public boolean isEnded() {
        return kept != null && (kept.state == KeptNode.State.IN_PLACE || kept.state == KeptNode.State.OCCUPIED);
    }

    @Override
    public String wish() {
        return "misses " + path + (kept == null ? "" : ", which is " + kept.state);
    }

    private final class Kept implements DrivenKeptNode.World {
        final DrivenKeptNode node = new DrivenKeptNode(takesOver, this);
        private final String mark = client.uniqueName() + ' ';
        private final Consumer<SessionEvent> sessionEvents = this::onSessionEvent;
        private final Set<Long> ownSessions = new HashSet<>();
        private KeptNode.State state = KeptNode.State.MISSING;
        private byte[] data = {};
        private int versions;
        private long ownerSeen;
        private boolean everInPlace;
        private boolean arming;
        private boolean armed;

        void start() {
            newData();
            KeptZnode told = new KeptZnode(
                    client.id(),
                    path,
                    mark,
                    () -> state == KeptNode.State.IN_PLACE,
                    () -> state == KeptNode.State.OCCUPIED,
                    client::lastingSession,
                    () -> data);
            cluster.invariants().tell(KeptZnodesAreThere.class, each -> each.onKept(told));
            client.addListener(sessionEvents);
            if (client.state() == SessionState.CLOSED) {
                node.clientClosed();
            } else {
                arm();
                node.start(calls.isConnected());
            }
        }

        /** Each attempt writes what no other has written. */
        private byte[] newData() {
            data = (mark + versions++).getBytes(StandardCharsets.UTF_8);
            return data;
        }

        private void onSessionEvent(SessionEvent event) {
            switch (event.type()) {
                case CONNECTED, RECONNECTED -> {
                    arm();
                    node.connected();
                }
                case SUSPENDED -> node.disconnected();
                case LOST -> node.sessionLost();
                case CLOSED -> node.clientClosed();
                case READ_ONLY -> {}
            }
            client.endTurn();
        }

        private boolean isOver() {
            return state == KeptNode.State.GONE || state == KeptNode.State.DISPLACED;
        }

        private void arm() {
            if (armed || arming || isOver() || !calls.isConnected()) {
                return;
            }
            arming = true;
            calls.watch(
                    new AddWatchRequest(path, PERSISTENT_WATCH),
                    client.watch(WatchKind.PERSISTENT, path, event -> {
                        node.changed();
                        client.endTurn();
                    }),
                    done -> {
                        arming = false;
                        armed = true;
                        node.changed();
                    },
                    failure -> {
                        arming = false;
                        calls.afterFailures(1, this::arm);
                    });
        }

        @Override
        public long session() {
            return client.sessionId();
        }

        @Override
        public void create() {
            ownSessions.add(client.sessionId());
            calls.write(
                    creation(),
                    created -> node.created(((Create2Response) created).stat().ephemeralOwner()),
                    failure -> {
                        if (failure.kind() == Failure.Kind.NODE_EXISTS) {
                            node.alreadyThere();
                        } else {
                            node.failed();
                        }
                    });
        }

        private CreateRequest creation() {
            return new CreateRequest(OpCode.CREATE2, path, newData(), Acl.OPEN, EPHEMERAL);
        }

        @Override
        public void read() {
            calls.read(
                    new GetDataRequest(path, false),
                    read -> {
                        GetDataResponse found = (GetDataResponse) read;
                        ownerSeen = found.stat().ephemeralOwner();
                        node.found(ownerSeen, found.stat().version(), Arrays.equals(found.data(), data));
                    },
                    this::notFoundOrFailed);
        }

        private void notFoundOrFailed(Failure failure) {
            if (failure.kind() == Failure.Kind.NO_NODE) {
                node.nothingThere();
            } else {
                node.failed();
            }
        }

        private void checkMayChange(boolean leftover) {
            boolean isOwn = ownSessions.contains(ownerSeen);
            cluster.invariants()
                    .tell(
                            KeptZnodesAreThere.class,
                            each -> each.onChanges(client.id(), path, ownerSeen, isOwn || leftover));
        }

        @Override
        public void write(int version) {
            checkMayChange(false);
            calls.write(
                    new SetDataRequest(path, newData(), version),
                    written -> node.written(((StatResponse) written).stat().ephemeralOwner()),
                    failure -> {
                        if (isOfAnotherVersion(failure)) {
                            node.changedMeanwhile();
                        } else {
                            notFoundOrFailed(failure);
                        }
                    });
        }

        private static boolean isOfAnotherVersion(Failure failure) {
            return failure.cause() instanceof BadVersionException;
        }

        @Override
        public void replace(int version) {
            checkMayChange(takesOver && !everInPlace);
            long session = client.sessionId();
            ownSessions.add(session);
            calls.write(
                    new MultiRequest(List.of(new DeleteRequest(path, version), creation())),
                    replaced -> {
                        if (RecipeCalls.isDone((MultiResponse) replaced)) {
                            cluster.stats().keptReplaced++;
                            node.created(session);
                        } else {
                            node.changedMeanwhile();
                        }
                    },
                    failure -> node.failed());
        }

        @Override
        public void delete(int version) {
            checkMayChange(false);
            calls.writeAsOthersDo(new DeleteRequest(path, version), deleted -> node.deleted(), failure -> {
                if (failure.kind() == Failure.Kind.NO_NODE) {
                    node.deleted();
                } else if (isOfAnotherVersion(failure)) {
                    node.changedMeanwhile();
                } else {
                    node.failed();
                }
            });
        }

        @Override
        public void pause(int failures, long ticket) {
            calls.afterFailures(failures, () -> node.pauseOver(ticket));
        }

        @Override
        public void stateChanged(KeptNode.State next) {
            state = next;
            cluster.trace().add(client.process().name() + " has " + path + ' ' + next);
            if (next == KeptNode.State.IN_PLACE) {
                everInPlace = true;
                cluster.stats().keptInPlace++;
            }
            if (isOver()) {
                client.removeListener(sessionEvents);
                cluster.invariants()
                        .tell(
                                KeptZnodesAreThere.class,
                                each -> each.onKeptGone(client.id(), path, mark, client::lastingSession));
                if (next == KeptNode.State.DISPLACED) {
                    boolean isOwn = ownSessions.contains(ownerSeen);
                    cluster.invariants()
                            .tell(
                                    KeptZnodesAreThere.class,
                                    each -> each.onDisplaced(
                                            client.id(), path, ownerSeen, takesOver && everInPlace && !isOwn));
                }
                // Who has displaced it is the client before in the same place, with its last calls while it closes.
                calls.after(100 * MS, KeptNodeUser.this::start);
            }
        }
    }
}
