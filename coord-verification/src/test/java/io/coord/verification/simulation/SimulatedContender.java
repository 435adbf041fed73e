package io.coord.verification.simulation;

import io.coord.client.error.ClientClosedException;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
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
import io.coord.protocol.response.Response;
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
    private static final int EPHEMERAL = 1;
    private static final int EPHEMERAL_SEQUENTIAL = 3;

    private final SimulatedClient client;
    private final RecipeCalls calls;
    private final Entrance entrance;
    private final ContenderListener listener;
    private final ContenderCore core;
    private final Consumer<SessionEvent> sessionEvents = this::onSessionEvent;
    private int attempts;
    private @Nullable SentList listBehindCreate;
    private @Nullable Place place;
    private @Nullable OneShotWatch ownWatch;
    private boolean watchingOwnNode;
    private boolean ended;
    private OneShotWatch watch = new OneShotWatch(event -> {});

    /** A list that is under way; of use as long as it is not answered. */
    private static final class SentList {
        private boolean answered;
        private boolean wanted;
    }

    private SimulatedContender(
            SimulatedClient client, SimulatedCluster cluster, Entrance entrance, ContenderListener listener) {
        this.client = client;
        this.calls = new RecipeCalls(client);
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
        OneShotWatch armed = new OneShotWatch(event -> onOwnNodeChanged());
        ownWatch = armed;
        calls.watch(
                new GetDataRequest(own.path(), true),
                client.watch(WatchKind.DATA, own.path(), armed.watcher()),
                found -> {},
                failure -> {
                    armed.end();
                    ownWatch = null;
                    core.verify();
                    calls.afterFailures(1, this::armOwnWatch);
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
        watch.end();
        if (ownWatch != null) {
            ownWatch.end();
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

        /** The prefix makes a second execution recognisable, but it is the core that looks for the first. */
        private void createAtTheEnd() {
            calls.write(
                    new CreateRequest(OpCode.CREATE2, entrance.createPath(), newData(), Acl.OPEN, EPHEMERAL_SEQUENTIAL),
                    created -> {
                        Create2Response znode = (Create2Response) created;
                        Stat stat = znode.stat();
                        core.created(new Place(znode.path(), stat.czxid(), stat.ephemeralOwner()));
                    },
                    failure -> {
                        listBehindCreate = null;
                        core.createFailed(failure);
                    });
            listBehindCreate = entrance.kind() == QueueKind.LEASE ? null : sendList();
        }

        /** Only while the znode of that place is there: without it others may be in already. */
        private void createInPlaceOf(Place inherited) {
            String path = entrance.createPath();
            calls.write(
                    new MultiRequest(List.of(
                            new CheckVersionRequest(inherited.path(), -1),
                            new CreateRequest(OpCode.CREATE, path, newData(), Acl.OPEN, EPHEMERAL))),
                    outcome -> {
                        Failure refused = refusalOf((MultiResponse) outcome);
                        if (refused != null) {
                            core.createFailed(refused);
                        } else {
                            readCreated(path);
                        }
                    },
                    core::createFailed);
        }

        private void readCreated(String path) {
            calls.read(
                    new ExistsRequest(path, false),
                    found -> core.created(placeOf(path, found)),
                    failure -> core.createFailed(new Failure(Failure.Kind.UNKNOWN, failure.cause())));
        }

        private static Place placeOf(String path, Response found) {
            Stat stat = ((StatResponse) found).stat();
            return new Place(path, stat.czxid(), stat.ephemeralOwner());
        }

        @Override
        public void list() {
            SentList sent = listBehindCreate;
            listBehindCreate = null;
            (sent != null && !sent.answered ? sent : sendList()).wanted = true;
        }

        private SentList sendList() {
            SentList sent = new SentList();
            calls.read(
                    new GetChildrenRequest(OpCode.GET_CHILDREN2, entrance.directory(), false),
                    listed -> {
                        sent.answered = true;
                        if (sent.wanted) {
                            core.listed(((GetChildren2Response) listed).children());
                        }
                    },
                    failure -> {
                        sent.answered = true;
                        if (sent.wanted) {
                            core.listFailed(failure);
                        }
                    });
            return sent;
        }

        @Override
        public void watch(String name, long ticket) {
            OneShotWatch armed = new OneShotWatch(event -> {
                core.blockerChanged(ticket);
                client.endTurn();
            });
            watch = armed;
            String path = entrance.childPath(name);
            calls.watch(
                    new GetDataRequest(path, true),
                    client.watch(WatchKind.DATA, path, armed.watcher()),
                    found -> core.watched(ticket),
                    core::watchFailed);
        }

        @Override
        public void unwatch() {
            watch.end();
        }

        @Override
        public void readOwn(String name) {
            String path = entrance.childPath(name);
            calls.read(new ExistsRequest(path, false), found -> core.ownRead(placeOf(path, found)), failure -> {
                if (failure.kind() == Failure.Kind.NO_NODE) {
                    core.ownRead(null);
                } else {
                    core.ownReadFailed(failure);
                }
            });
        }

        @Override
        public void delete(String name) {
            calls.repeatable(
                    new DeleteRequest(entrance.childPath(name), -1), deleted -> core.deleted(), core::deleteFailed);
        }

        @Override
        public void pause(int failures, long ticket) {
            calls.afterFailures(failures, () -> core.pauseOver(ticket));
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
    }
}
