package io.coord.verification.simulation;

import io.coord.client.error.ClientClosedException;
import io.coord.client.error.CoordException;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.watch.Watcher;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Stat;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.StatResponse;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderCore;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.ContenderPort;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Failure;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A contender's core with its wishes carried out by a simulated client, as {@code ZnodeContender} does with a real one. */
final class SimulatedContender implements Contender {
    private static final long MS = 1_000_000;
    private static final long FIRST_PAUSE_NS = 50 * MS;
    private static final int TIMEOUT_MS = 1_500;
    private static final int EPHEMERAL = 1;
    private static final int EPHEMERAL_SEQUENTIAL = 3;

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final Entrance entrance;
    private final ContenderListener listener;
    private final ContenderCore core;
    private final Consumer<SessionEvent> sessionEvents = this::onSessionEvent;
    private int attempts;
    private @Nullable SentList listBehindCreate;
    private @Nullable Place place;
    private @Nullable Watch ownWatch;
    private boolean watchingOwnNode;
    private boolean ended;
    private Watch watch = new Watch("", () -> {});

    /** A one-shot watch that is not listened to any more once it is over. */
    private static final class Watch {
        private final String name;
        private final Watcher watcher;
        private boolean over;

        Watch(String name, Runnable onFired) {
            this.name = name;
            this.watcher = event -> {
                if (!over) {
                    over = true;
                    onFired.run();
                }
            };
        }
    }

    /** A list that is under way; of use as long as it is not answered. */
    private static final class SentList {
        private boolean answered;
        private boolean wanted;
    }

    private SimulatedContender(
            SimulatedClient client, SimulatedCluster cluster, Entrance entrance, ContenderListener listener) {
        this.client = client;
        this.cluster = cluster;
        this.entrance = entrance;
        this.listener = listener;
        this.core = new ContenderCore(entrance, cluster.mutation().contenderPort(new Wishes()), new Told());
    }

    static SimulatedContender enter(
            SimulatedClient client, SimulatedCluster cluster, Entrance entrance, ContenderListener listener) {
        SimulatedContender contender = new SimulatedContender(client, cluster, entrance, listener);
        client.addListener(contender.sessionEvents);
        if (client.state() == SessionState.CLOSED) {
            contender.core.clientClosed(contender.closed());
        } else {
            contender.core.start(client.state() == SessionState.CONNECTED);
        }
        return contender;
    }

    @Override
    public void leave() {
        core.leave();
        client.endTurn();
    }

    @Override
    public void verify() {
        core.verify();
        client.endTurn();
    }

    @Override
    public void watchOwnNode() {
        watchingOwnNode = true;
        armOwnWatch();
        client.endTurn();
    }

    private void armOwnWatch() {
        Place own = place;
        if (!watchingOwnNode || own == null || ownWatch != null || ended || client.state() != SessionState.CONNECTED) {
            return;
        }
        Watch armed = new Watch(own.name(), this::onOwnNodeChanged);
        ownWatch = armed;
        client.call(
                new GetDataRequest(own.path(), true),
                Repeat.READ,
                TIMEOUT_MS,
                client.watch(WatchKind.DATA, own.path(), armed.watcher),
                outcome -> {
                    if (outcome.failure() != null) {
                        armed.over = true;
                        ownWatch = null;
                        core.verify();
                        client.process().inOwnTime(FIRST_PAUSE_NS, () -> {
                            armOwnWatch();
                            client.endTurn();
                        });
                    }
                });
    }

    private void onOwnNodeChanged() {
        ownWatch = null;
        core.verify();
        armOwnWatch();
        client.endTurn();
    }

    private void onSessionEvent(SessionEvent event) {
        switch (event.type()) {
            case CONNECTED, RECONNECTED -> {
                core.connected();
                armOwnWatch();
            }
            case SUSPENDED -> core.suspended();
            case LOST -> core.sessionLost();
            case CLOSED -> core.clientClosed(closed());
            case READ_ONLY -> {}
        }
        client.endTurn();
    }

    private ClientClosedException closed() {
        return new ClientClosedException("contend", entrance.directory(), "closed");
    }

    private void end() {
        ended = true;
        watch.over = true;
        if (ownWatch != null) {
            ownWatch.over = true;
        }
        client.removeListener(sessionEvents);
    }

    /** Hands on what the core tells, and cleans up behind its last word. */
    private final class Told implements ContenderListener {
        @Override
        public void waiting() {
            listener.waiting();
        }

        @Override
        public void granted(Place granted) {
            place = granted;
            listener.granted(granted);
        }

        @Override
        public void suspended() {
            listener.suspended();
        }

        @Override
        public void restored() {
            listener.restored();
        }

        @Override
        public void lost() {
            end();
            listener.lost();
        }

        @Override
        public void refused(RuntimeException cause) {
            listener.refused(cause);
        }

        @Override
        public void leaveDelayed() {
            listener.leaveDelayed();
        }

        @Override
        public void left() {
            end();
            listener.left();
        }
    }

    private final class Wishes implements ContenderPort {
        @Override
        public long session() {
            return client.sessionId();
        }

        @Override
        public void create() {
            Place inherited = entrance.inherited();
            if (inherited == null) {
                createAtTheEnd();
            } else {
                createInPlaceOf(inherited);
            }
        }

        private byte[] newData() {
            return ("attempt " + attempts++).getBytes(StandardCharsets.UTF_8);
        }

        private void createAtTheEnd() {
            client.call(
                    new CreateRequest(OpCode.CREATE2, entrance.createPath(), newData(), Acl.OPEN, EPHEMERAL_SEQUENTIAL),
                    // The prefix makes a second execution recognisable, but it is the core that looks for the first.
                    Repeat.WRITE,
                    TIMEOUT_MS,
                    null,
                    answer(
                            outcome -> {
                                Create2Response created = (Create2Response) outcome.response();
                                core.created(new Place(
                                        created.path(),
                                        created.stat().czxid(),
                                        created.stat().ephemeralOwner()));
                            },
                            failure -> {
                                listBehindCreate = null;
                                core.createFailed(failure);
                            }));
            listBehindCreate = entrance.kind() == QueueKind.LEASE ? null : sendList();
        }

        /** Only while the znode of that place is there: without it others may be in already. */
        private void createInPlaceOf(Place inherited) {
            String path = entrance.createPath();
            client.call(
                    new MultiRequest(List.of(
                            new CheckVersionRequest(inherited.path(), -1),
                            new CreateRequest(OpCode.CREATE, path, newData(), Acl.OPEN, EPHEMERAL))),
                    Repeat.WRITE,
                    TIMEOUT_MS,
                    null,
                    answer(
                            outcome -> {
                                Failure refused = refusalOf((MultiResponse) outcome.response());
                                if (refused != null) {
                                    core.createFailed(refused);
                                } else {
                                    readCreated(path);
                                }
                            },
                            core::createFailed));
        }

        private void readCreated(String path) {
            client.call(
                    new ExistsRequest(path, false),
                    Repeat.READ,
                    TIMEOUT_MS,
                    null,
                    answer(
                            outcome -> {
                                Stat stat = ((StatResponse) outcome.response()).stat();
                                core.created(new Place(path, stat.czxid(), stat.ephemeralOwner()));
                            },
                            failure -> core.createFailed(new Failure(Failure.Kind.UNKNOWN, failure.cause()))));
        }

        @Override
        public void list() {
            SentList sent = listBehindCreate;
            listBehindCreate = null;
            (sent != null && !sent.answered ? sent : sendList()).wanted = true;
        }

        private SentList sendList() {
            SentList sent = new SentList();
            client.call(
                    new GetChildrenRequest(OpCode.GET_CHILDREN2, entrance.directory(), false),
                    Repeat.READ,
                    TIMEOUT_MS,
                    null,
                    outcome -> {
                        sent.answered = true;
                        if (sent.wanted) {
                            answer(
                                            listed ->
                                                    core.listed(((GetChildren2Response) listed.response()).children()),
                                            core::listFailed)
                                    .accept(outcome);
                        }
                    });
            return sent;
        }

        @Override
        public void watch(String name, long ticket) {
            Watch armed = new Watch(name, () -> {
                core.blockerChanged(ticket);
                client.endTurn();
            });
            watch = armed;
            String path = entrance.childPath(armed.name);
            client.call(
                    new GetDataRequest(path, true),
                    Repeat.READ,
                    TIMEOUT_MS,
                    client.watch(WatchKind.DATA, path, armed.watcher),
                    answer(outcome -> core.watched(ticket), core::watchFailed));
        }

        @Override
        public void unwatch() {
            watch.over = true;
        }

        @Override
        public void readOwn(String name) {
            String path = entrance.childPath(name);
            client.call(
                    new ExistsRequest(path, false),
                    Repeat.READ,
                    TIMEOUT_MS,
                    null,
                    answer(
                            outcome -> {
                                Stat stat = ((StatResponse) outcome.response()).stat();
                                core.ownRead(new Place(path, stat.czxid(), stat.ephemeralOwner()));
                            },
                            failure -> {
                                if (failure.kind() == Failure.Kind.NO_NODE) {
                                    core.ownRead(null);
                                } else {
                                    core.ownReadFailed(failure);
                                }
                            }));
        }

        @Override
        public void delete(String name) {
            client.call(
                    new DeleteRequest(entrance.childPath(name), -1),
                    Repeat.IDEMPOTENT,
                    TIMEOUT_MS,
                    null,
                    answer(outcome -> core.deleted(), core::deleteFailed));
        }

        @Override
        public void pause(int failures, long ticket) {
            long pause = FIRST_PAUSE_NS << Math.min(failures - 1, 4);
            client.process().inOwnTime(pause, () -> {
                core.pauseOver(ticket);
                client.endTurn();
            });
        }

        /** Why a transaction had no effect; null when it had one. */
        private static @Nullable Failure refusalOf(MultiResponse response) {
            for (MultiResponse.Result each : response.results()) {
                if (each instanceof MultiResponse.Failed failed && failed.error() != 0) {
                    Failure.Kind kind = failed.error() == ErrorCode.NO_NODE.code()
                            ? Failure.Kind.NO_NODE
                            : failed.error() == ErrorCode.NODE_EXISTS.code()
                                    ? Failure.Kind.NODE_EXISTS
                                    : Failure.Kind.FINAL;
                    return new Failure(kind, new IllegalStateException("error " + failed.error()));
                }
            }
            return null;
        }

        private Consumer<SimulatedClient.CallOutcome> answer(
                Consumer<SimulatedClient.CallOutcome> success, Consumer<Failure> failure) {
            return outcome -> {
                CoordException thrown = outcome.failure();
                if (thrown == null) {
                    success.accept(outcome);
                } else {
                    cluster.trace()
                            .add(client.process().name() + ' ' + outcome.operation() + ": " + thrown.getMessage());
                    failure.accept(Failure.of(thrown));
                }
            };
        }
    }
}
