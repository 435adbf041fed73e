package io.coord.verification.simulation;

import io.coord.client.error.ClientClosedException;
import io.coord.client.error.CoordException;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.watch.Watcher;
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
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.StatResponse;
import io.coord.recipes.internal.queue.ContenderCore;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.ContenderPort;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Failure;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.QueueKind;
import io.coord.verification.simulation.invariant.Holder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a lock, works under its protection, gives it back, again and again: the real core of a contender, with its wishes
 * carried out as {@code ZnodeContender} does.
 */
final class LockUser implements ContenderListener {
    private static final long MS = 1_000_000;
    private static final int TIMEOUT_MS = 1_500;
    private static final int EPHEMERAL_SEQUENTIAL = 3;

    private final SimulatedClient client;
    private final SimulatedCluster cluster;
    private final String directory;
    private final Random random;
    private final Entrance entrance;
    private final ContenderCore core;
    private final Consumer<SessionEvent> sessionEvents = this::onSessionEvent;
    private final Runnable onOver;
    private boolean granted;
    private boolean certain;
    private boolean leaving;
    private boolean over;
    private @Nullable Holder holder;
    private int guarded;
    private int attempts;
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

    LockUser(
            SimulatedClient client,
            SimulatedCluster cluster,
            String directory,
            QueueKind kind,
            Random random,
            long number,
            Runnable onOver) {
        this.client = client;
        this.cluster = cluster;
        this.directory = directory;
        this.random = random;
        this.onOver = onOver;
        this.entrance = new Entrance(directory, kind, "_c_" + client.id() + '.' + number + '-', null);
        this.core = new ContenderCore(entrance, cluster.mutation().contenderPort(new Wishes()), this);
    }

    void start() {
        client.addListener(sessionEvents);
        core.start(client.state() == SessionState.CONNECTED);
        client.process().in((long) (random.nextDouble() * 4_000 * MS), () -> {
            // Some give up waiting.
            if (!granted && !over) {
                leave();
            }
        });
    }

    private void onSessionEvent(SessionEvent event) {
        switch (event.type()) {
            case CONNECTED, RECONNECTED -> core.connected();
            case SUSPENDED -> core.suspended();
            case READ_ONLY -> {}
            case LOST -> core.sessionLost();
            case CLOSED -> core.clientClosed(new ClientClosedException("contend", directory, "closed"));
        }
        client.endTurn();
    }

    private void leave() {
        if (!leaving) {
            leaving = true;
            certain = false;
            core.leave();
            client.endTurn();
        }
    }

    // ---- What the core tells

    @Override
    public void granted(Place place) {
        granted = true;
        certain = true;
        cluster.stats().locksGranted++;
        Holder told = new Holder(
                client.id(),
                directory,
                entrance.prefix(),
                place.path(),
                place.czxid(),
                place.session(),
                () -> certain && client.isLeaseAlive() && client.sessionId() == place.session(),
                client::lastingSession);
        holder = told;
        cluster.trace().add(client.process().name() + " holds " + place.path());
        cluster.invariants().onGranted(told);
        long held = (long) (random.nextDouble() * 300 * MS);
        client.process().in(held / 2, () -> workUnderProtection(place));
        client.process().in(held, this::leave);
    }

    /** What a guarded write does: takes effect only while the lock's znode is there. */
    private void workUnderProtection(Place place) {
        if (leaving || over) {
            return;
        }
        String written = place.czxid() + " of " + place.name() + ' ' + guarded++;
        client.call(
                new MultiRequest(List.of(
                        new CheckVersionRequest(place.path(), -1),
                        new SetDataRequest(directory, written.getBytes(StandardCharsets.UTF_8), -1))),
                Repeat.WRITE,
                TIMEOUT_MS,
                null,
                outcome -> {});
        client.endTurn();
    }

    @Override
    public void suspended() {
        certain = false;
    }

    @Override
    public void restored() {
        certain = !leaving;
        Holder held = holder;
        if (held != null && certain) {
            cluster.invariants().onGranted(held);
        }
    }

    @Override
    public void lost() {
        certain = false;
        end();
    }

    @Override
    public void refused(RuntimeException cause) {
        certain = false;
    }

    @Override
    public void left() {
        certain = false;
        Holder held = holder;
        cluster.invariants()
                .onLeft(
                        held != null
                                ? held
                                : new Holder(
                                        client.id(),
                                        directory,
                                        entrance.prefix(),
                                        "",
                                        0,
                                        client.sessionId(),
                                        () -> false,
                                        client::lastingSession));
        end();
    }

    private void end() {
        if (!over) {
            over = true;
            watch.over = true;
            client.removeListener(sessionEvents);
            onOver.run();
        }
    }

    private final class Wishes implements ContenderPort {
        @Override
        public long session() {
            return client.sessionId();
        }

        @Override
        public void create() {
            client.call(
                    new CreateRequest(
                            OpCode.CREATE2,
                            entrance.createPath(),
                            ("attempt " + attempts++).getBytes(StandardCharsets.UTF_8),
                            Acl.OPEN,
                            EPHEMERAL_SEQUENTIAL),
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
                            core::createFailed));
        }

        @Override
        public void list() {
            client.call(
                    new GetChildrenRequest(OpCode.GET_CHILDREN2, directory, false),
                    Repeat.READ,
                    TIMEOUT_MS,
                    null,
                    answer(
                            outcome -> core.listed(((GetChildren2Response) outcome.response()).children()),
                            core::listFailed));
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
            long pause = (50 * MS) << Math.min(failures - 1, 4);
            client.process().inOwnTime(pause, () -> {
                core.pauseOver(ticket);
                client.endTurn();
            });
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
