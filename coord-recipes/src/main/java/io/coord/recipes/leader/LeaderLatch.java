package io.coord.recipes.leader;

import io.coord.client.CoordClient;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Subscription;
import io.coord.recipes.internal.call.Timer;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.ContenderListener;
import io.coord.recipes.internal.queue.Entrance;
import io.coord.recipes.internal.queue.Place;
import io.coord.recipes.internal.queue.ZnodeContender;
import io.coord.recipes.lock.LeaseState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A candidate of an election: at most one latch on a path is the leader, in the order in which they started. Znodes are
 * named as Curator's {@code LeaderLatch} names them, {@code _c_<uuid>-latch-<sequence>} with the id as data, so both elect
 * together. Leadership ends when the latch is closed, and pauses while the servers are out of reach; with a
 * {@code connectionStateErrorPolicy} that tolerates that, only when the session may have ended.
 *
 * <p>Thread-safe: its state belongs to one serial queue, and volatile fields show it.
 *
 * <pre>{@code
 * LeaderLatch latch = new LeaderLatch(client, "/leader", "shop-3", LeaderLatch.CloseMode.NOTIFY_LEADER).start();
 * latch.await();
 * latch.leadership().ifPresent(leadership ->
 *         leadership.guarded(client.transactionOp().setData().forPath("/plan", bytes)));
 * latch.close();
 * }</pre>
 */
public final class LeaderLatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderLatch.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    /** What closing a leading latch tells its own listeners. */
    public enum CloseMode {
        /** Nothing. */
        SILENT,
        /** {@link LeaderLatchListener#notLeader}. */
        NOTIFY_LEADER
    }

    private final CoordClient client;
    private final String path;
    private final String id;
    private final CloseMode closeMode;
    private final SerialExecutor queue;
    private final Shell shell;
    private final LatchCore core;
    private final List<Subscription<LeaderLatchListener>> subscriptions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final Map<Object, CompletableFuture<Boolean>> waiters = new ConcurrentHashMap<>();
    private volatile @Nullable Leadership present;
    private volatile boolean closed;
    /** Of the last leadership. */
    private volatile long generation;

    /** A candidate without a name. */
    public LeaderLatch(CoordClient client, String path) {
        this(client, path, "");
    }

    /** @param id what others see of this candidate */
    public LeaderLatch(CoordClient client, String path, String id) {
        this(client, path, id, CloseMode.SILENT);
    }

    /** @param closeMode what {@link #close()} tells listeners */
    public LeaderLatch(CoordClient client, String path, String id, CloseMode closeMode) {
        this(client, path, id, closeMode, 0);
    }

    private LeaderLatch(CoordClient client, String path, String id, CloseMode closeMode, long generation) {
        this.client = client;
        this.path = ZnodePath.validate(path);
        this.id = id;
        this.closeMode = closeMode;
        this.queue = client.serialExecutor();
        this.shell = new Shell();
        this.core = new LatchCore(path, shell, generation);
        this.generation = generation;
    }

    /**
     * Starts to contend, without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public LeaderLatch start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the latch of " + path + " was started or closed before");
        }
        queue.execute(core::start);
        return this;
    }

    /** Whether {@link #start()} was called, or the latch was closed before. */
    public boolean isStarted() {
        return started.get();
    }

    public String path() {
        return path;
    }

    public String id() {
        return id;
    }

    /**
     * A new candidate for the same election, not started yet, for who has given up and wants to contend again: its generations
     * go on after those that this one has had until now.
     */
    public LeaderLatch successor() {
        return new LeaderLatch(client, path, id, closeMode, generation);
    }

    /** Whether this latch is certainly the leader at this moment, as far as this side can know. */
    public boolean isLeader() {
        return leadership().isPresent();
    }

    /** The present leadership, while {@link #isLeader()}. */
    public Optional<Leadership> leadership() {
        Leadership now = present;
        return now != null && now.state() == LeaseState.HELD ? Optional.of(now) : Optional.empty();
    }

    /**
     * Waits until this latch is the leader.
     *
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     * @throws IllegalStateException when the latch is closed, or on threads of the client
     */
    public void await() {
        if (!Callers.await(waiter(), "await", path)) {
            throw new IllegalStateException("the latch of " + path + " is closed");
        }
    }

    /**
     * Waits until this latch is the leader, at most for a time.
     *
     * @return whether it is; false when the time passed or the latch was closed
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean await(Duration timeout) {
        CompletableFuture<Boolean> waiter = waiter();
        waiter.completeOnTimeout(false, Callers.nanos(timeout), TimeUnit.NANOSECONDS);
        return Callers.await(waiter, "await", path);
    }

    private CompletableFuture<Boolean> waiter() {
        CompletableFuture<Boolean> waiter = new CompletableFuture<>();
        Object key = new Object();
        waiters.put(key, waiter);
        waiter.whenComplete((leading, failure) -> waiters.remove(key));
        // Looked at after the waiter can be found, so a change in between is not missed.
        if (closed) {
            waiter.complete(false);
        } else if (isLeader()) {
            waiter.complete(true);
        }
        return waiter;
    }

    /**
     * All candidates in the order in which they will lead, those of other clients included. A picture of one moment.
     *
     * @throws io.coord.client.error.CoordException when the candidates cannot be read
     */
    public List<Participant> participants() {
        return Callers.await(Election.participants(client, path).toCompletableFuture(), "participants", path);
    }

    /** The present leader, this or another candidate; empty when there is none. */
    public Optional<Participant> leader() {
        return participants().stream().filter(Participant::leader).findFirst();
    }

    /**
     * Tells the listener of changes from now on; when this latch is the leader already, of that at once.
     *
     * @return closing it ends that
     */
    public Registration addListener(LeaderLatchListener listener) {
        Subscription<LeaderLatchListener> subscription =
                new Subscription<>(listener, client.callbackExecutor(), subscriptions);
        queue.execute(() -> {
            subscriptions.add(subscription);
            Leadership now = present;
            if (now != null) {
                subscription.tell(each -> each.isLeader(now));
            }
        });
        return subscription;
    }

    /** Gives up as {@link #close(CloseMode)} does, in the mode that the latch was made with. */
    @Override
    public void close() {
        close(closeMode);
    }

    /**
     * Gives up leadership or candidature, and waits until the servers have confirmed it. When they are out of reach it does
     * not wait: the znode is deleted as soon as they are back, or vanishes with the session. On threads of the client it does
     * not wait either. Idempotent.
     */
    public void close(CloseMode mode) {
        closeAsync(mode);
        if (!CoordClient.isClientThread()) {
            Callers.awaitFact(settled, "close", path);
        }
    }

    /** As {@link #close(CloseMode)}, without waiting; the stage completes when the latch's znode is surely gone. */
    public CompletionStage<Void> closeAsync(CloseMode mode) {
        boolean wasStarted = !started.compareAndSet(false, true);
        closed = true;
        queue.execute(() -> {
            shell.over(LeaseState.RELEASED);
            core.close(mode == CloseMode.NOTIFY_LEADER);
            waiters.values().forEach(waiter -> waiter.complete(false));
        });
        if (!wasStarted) {
            settled.complete(null);
        }
        return CallerStages.told(client, gone);
    }

    private void tell(Consumer<LeaderLatchListener> what) {
        for (Subscription<LeaderLatchListener> subscription : subscriptions) {
            subscription.tell(what);
        }
    }

    /** Runs on the latch's queue. */
    private final class Shell implements LatchCore.Port {
        private @Nullable LatchTenure tenure;
        private @Nullable Contender contender;

        @Override
        public Contender contend(Entrance entrance, ContenderListener listener) {
            Contender entered = ZnodeContender.enter(
                    client,
                    queue,
                    entrance.withData(id.getBytes(StandardCharsets.UTF_8)),
                    new SettlingListener(listener));
            contender = entered;
            return entered;
        }

        @Override
        public Leadership leadership(long generation, Place place) {
            Contender self = contender;
            LatchTenure begun = new LatchTenure(client, queue, place, () -> {
                if (self != null) {
                    self.verify();
                }
            });
            tenure = begun;
            LeaderLatch.this.generation = generation;
            return new Leadership(generation, place.czxid(), place.path(), begun);
        }

        void over(LeaseState how) {
            present = null;
            if (tenure != null) {
                tenure.end(how);
                tenure = null;
            }
        }

        @Override
        public void retryLater(RuntimeException cause) {
            LOG.warn("The latch of {} could not contend; it tries again", path, cause);
            Timer.schedule(queue, RETRY_PAUSE, core::retry);
        }

        @Override
        public void becameLeader(Leadership leadership, Place place) {
            present = leadership;
            waiters.values().forEach(waiter -> waiter.complete(true));
            tell(listener -> listener.isLeader(leadership));
        }

        @Override
        public void lostLeadership(Leadership leadership) {
            over(LeaseState.LOST);
            tell(listener -> listener.notLeader(leadership));
        }

        @Override
        public void ended() {
            closed = true;
            over(LeaseState.LOST);
            waiters.values().forEach(waiter -> waiter.complete(false));
            settled.complete(null);
            gone.complete(null);
        }
    }

    /** Notices, besides, that closing need not be waited for. */
    private final class SettlingListener implements ContenderListener {
        private final ContenderListener listener;

        SettlingListener(ContenderListener listener) {
            this.listener = listener;
        }

        @Override
        public void granted(Place place) {
            listener.granted(place);
        }

        @Override
        public void suspended() {
            if (client.connectionStateErrorPolicy().isErrorState(SessionState.SUSPENDED)) {
                listener.suspended();
            }
        }

        @Override
        public void restored() {
            listener.restored();
        }

        @Override
        public void lost() {
            listener.lost();
        }

        @Override
        public void refused(RuntimeException cause) {
            listener.refused(cause);
        }

        @Override
        public void leaveDelayed() {
            settled.complete(null);
        }

        @Override
        public void left() {
            listener.left();
        }
    }
}
