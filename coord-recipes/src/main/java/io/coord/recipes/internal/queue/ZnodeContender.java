package io.coord.recipes.internal.queue;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.TransactionResult;
import io.coord.client.error.ClientClosedException;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Stat;
import io.coord.recipes.internal.call.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a {@link ContenderCore}'s wishes carried out by a client. Everything here runs on the recipe's serial queue. */
public final class ZnodeContender implements Contender {
    private static final Logger LOG = LoggerFactory.getLogger(ZnodeContender.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int LONGEST_PAUSE_FACTOR = 32;

    private final CoordClient client;
    private final SerialExecutor queue;
    private final Entrance entrance;
    private final ContenderListener listener;
    private final ContenderCore core;
    private @Nullable Registration sessionEvents;
    private @Nullable ArmedWatch blockerWatch;
    private @Nullable ArmedWatch ownWatch;
    private @Nullable CompletableFuture<List<String>> listBehindCreate;
    private @Nullable Place place;
    private boolean ended;
    private boolean watchingOwnNode;
    private boolean ownWatchPaused;
    private boolean releaseRequested;

    private ZnodeContender(CoordClient client, SerialExecutor queue, Entrance entrance, ContenderListener listener) {
        this.client = client;
        this.queue = queue;
        this.entrance = entrance;
        this.listener = listener;
        this.core = new ContenderCore(entrance, new Operations(), new Told());
    }

    public static Contender enter(
            CoordClient client, SerialExecutor queue, Entrance entrance, ContenderListener listener) {
        ZnodeContender contender = new ZnodeContender(client, queue, entrance, listener);
        contender.sessionEvents = client.addSessionListener(contender::onSessionEvent, queue);
        if (client.state() == SessionState.CLOSED) {
            contender.core.clientClosed(closed(entrance));
        } else {
            contender.core.start(client.state() == SessionState.CONNECTED);
        }
        return contender;
    }

    @Override
    public void leave() {
        core.leave();
    }

    @Override
    public void verify() {
        core.verify();
    }

    @Override
    public void watchOwnNode() {
        watchingOwnNode = true;
        armOwnWatch();
    }

    private void armOwnWatch() {
        Place own = place;
        if (!watchingOwnNode
                || own == null
                || ownWatch != null
                || ownWatchPaused
                || ended
                || client.state() != SessionState.CONNECTED) {
            return;
        }
        ArmedWatch watch = new ArmedWatch(client, queue, own.path(), fired -> onOwnNodeChanged());
        ownWatch = watch;
        watch.onData(this::onOwnNodeRead, failure -> onOwnWatchFailed());
    }

    private void onOwnNodeRead(byte[] present) {
        if (isReleaseRequest(present)) {
            releaseRequested();
        } else if (!Arrays.equals(present, entrance.data())) {
            // Not as they were given, so compressed, these or others by now; who asks may compress though this client
            // does
            // not. Decompressing is no work for this thread.
            String path = entrance.childPath(place == null ? "" : place.name());
            client.getData().decompressed().forPathAsync(path).whenComplete((data, failure) -> {
                if (failure == null && isReleaseRequest(data)) {
                    queue.execute(this::releaseRequested);
                } else if (failure != null) {
                    LOG.debug("Whether {} is asked for cannot be read", path, failure);
                }
            });
        }
    }

    private static boolean isReleaseRequest(byte[] data) {
        return Arrays.equals(data, ReleaseRequest.DATA);
    }

    private void releaseRequested() {
        if (!releaseRequested && !ended) {
            releaseRequested = true;
            listener.releaseRequested();
        }
    }

    /** Whatever kept it from being armed may last: not again at once. */
    private void onOwnWatchFailed() {
        ownWatch = null;
        core.verify();
        ownWatchPaused = true;
        Timer.schedule(queue, FIRST_PAUSE, () -> {
            ownWatchPaused = false;
            armOwnWatch();
        });
    }

    private void onOwnNodeChanged() {
        ownWatch = null;
        core.verify();
        armOwnWatch();
    }

    private void onSessionEvent(SessionEvent event) {
        switch (event.type()) {
            case CONNECTED, RECONNECTED -> {
                core.connected();
                armOwnWatch();
            }
            case READ_ONLY -> {}
            case SUSPENDED -> core.suspended();
            case LOST -> core.sessionLost();
            case CLOSED -> core.clientClosed(closed(entrance));
        }
    }

    private static ClientClosedException closed(Entrance entrance) {
        return new ClientClosedException("contend", entrance.directory(), "the client is closed");
    }

    private void end() {
        ended = true;
        withdrawBlockerWatch();
        if (ownWatch != null) {
            ownWatch.withdraw();
            ownWatch = null;
        }
        if (sessionEvents != null) {
            sessionEvents.close();
            sessionEvents = null;
        }
    }

    private void withdrawBlockerWatch() {
        if (blockerWatch != null) {
            blockerWatch.withdraw();
            blockerWatch = null;
        }
    }

    private final class Operations implements ContenderPort {
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

        private void createAtTheEnd() {
            StatHolder stat = new StatHolder();
            CompletionStage<String> created = client.create()
                    .creatingParentContainersIfNeeded()
                    .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                    .storingStatIn(stat)
                    .completingOn(queue)
                    .forPathAsync(entrance.createPath(), entrance.data());
            // Who may have to wait asks for its list next: sent right behind, it costs no round trip of its own.
            listBehindCreate = entrance.kind().waitsForNobody() ? null : children();
            Failure.on(
                    created,
                    path -> core.created(
                            new Place(path, stat.get().czxid(), stat.get().ephemeralOwner())),
                    failure -> {
                        listBehindCreate = null;
                        core.createFailed(failure);
                    });
        }

        /** Only while the znode of that place is there: without it others may be in already. */
        private void createInPlaceOf(Place inherited) {
            String path = entrance.createPath();
            CompletionStage<List<TransactionResult>> created = client.transaction()
                    .completingOn(queue)
                    .forOperationsAsync(
                            client.transactionOp().check().forPath(inherited.path()),
                            client.transactionOp()
                                    .create()
                                    .withMode(CreateMode.EPHEMERAL)
                                    .forPath(path, entrance.data()));
            // Sent right behind it, so it sees what was created; the transaction does not tell its zxid.
            CompletionStage<@Nullable Stat> stat =
                    client.checkExists().completingOn(queue).forPathAsync(path);
            Failure.on(
                    created.thenCombine(stat, (done, found) -> {
                        if (found == null) {
                            // Created, and gone since: what it was to inherit may be, too. Looked for like a lost
                            // answer.
                            throw new ConnectionLossException("create", path);
                        }
                        return new Place(path, found.czxid(), found.ephemeralOwner());
                    }),
                    core::created,
                    core::createFailed);
        }

        @Override
        public void list() {
            CompletableFuture<List<String>> sent = listBehindCreate;
            listBehindCreate = null;
            // What was answered before the create may be older than it, which may have been repeated.
            CompletionStage<List<String>> list = sent != null && !sent.isDone() ? sent : children();
            Failure.on(list, core::listed, core::listFailed);
        }

        private CompletableFuture<List<String>> children() {
            return client.getChildren()
                    .completingOn(queue)
                    .forPathAsync(entrance.directory())
                    .toCompletableFuture();
        }

        @Override
        public void watch(String name, long ticket) {
            ArmedWatch watch =
                    new ArmedWatch(client, queue, entrance.childPath(name), fired -> core.blockerChanged(ticket));
            blockerWatch = watch;
            watch.onData(read -> core.watched(ticket), core::watchFailed);
        }

        @Override
        public void unwatch() {
            withdrawBlockerWatch();
        }

        @Override
        public void readOwn(String name) {
            String path = entrance.childPath(name);
            Failure.on(
                    client.checkExists().completingOn(queue).forPathAsync(path),
                    stat -> core.ownRead(stat == null ? null : new Place(path, stat.czxid(), stat.ephemeralOwner())),
                    core::ownReadFailed);
        }

        @Override
        public void delete(String name) {
            String path = entrance.childPath(name);
            Failure.on(
                    client.delete().idempotent().completingOn(queue).forPathAsync(path),
                    deleted -> core.deleted(),
                    failure -> {
                        if (failure.kind() == Failure.Kind.FINAL
                                && !(failure.cause() instanceof ClientClosedException)) {
                            LOG.warn(
                                    "{} cannot be deleted and stays until the session of this client ends",
                                    path,
                                    failure.cause());
                        }
                        core.deleteFailed(failure);
                    });
        }

        @Override
        public void pause(int failures, long ticket) {
            int factor = Math.min(LONGEST_PAUSE_FACTOR, 1 << Math.min(failures - 1, 30));
            Timer.schedule(queue, FIRST_PAUSE.multipliedBy(factor), () -> core.pauseOver(ticket));
        }
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
}
