package io.coord.client.internal.session;

import io.coord.client.error.ClientClosedException;
import io.coord.client.error.TooManyRequestsException;
import io.coord.client.internal.callback.CallbackQueue;
import io.coord.client.internal.callback.NonBlocking;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchRegistry;
import io.coord.client.internal.watch.WatchWithdrawal;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionLease;
import io.coord.client.session.SessionListener;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.Connector;
import io.coord.client.spi.ServerAddress;
import io.coord.client.watch.Watcher;
import io.coord.protocol.request.AuthPacket;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell of {@link SessionCore}: one Netty event loop for the client's whole life, its own or shared with other clients.
 * It turns what arrives, from the
 * network, the clock and callers, into events for the core, one batch a turn, and ends each turn with one flush and one
 * hand-over to the callback threads.
 *
 * <p>Thread-safe: callers enter through a {@link CallInbox}, so that a burst of calls wakes the loop once. Everything else is
 * volatile or owned by the loop's thread.
 */
public final class SessionLoop {
    private static final Logger log = LoggerFactory.getLogger(SessionLoop.class);
    /** How much longer than the core's own bounds a close waits, for a network thread that is late. */
    private static final long CLOSE_GRACE_NS = TimeUnit.SECONDS.toNanos(5);

    private final SessionSettings settings;
    private final Connector connector;
    private final LoopThreads threads;
    private final boolean ownsThreads;
    private final Map<Watcher, CallbackQueue> watcherQueues = new WeakHashMap<>();
    private final SessionBoard board;
    private final StageBatch stages;
    /** Stages whose users have not been told yet: what a slow user of stages can pile up, so it is bounded. */
    private final AtomicInteger openStages = new AtomicInteger();

    private final StageCompletions onCallbacks = this::complete;
    private final CallInbox submitted = new CallInbox();
    private final Queue<AuthPacket> newCredentials = new ConcurrentLinkedQueue<>();
    private final Object lifecycle = new Object();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private volatile @Nullable Running running;
    private volatile boolean open;
    private volatile boolean closed;
    private volatile int pendingCalls;
    private final WatchRegistry watches = new WatchRegistry();

    /**
     * @param shared threads to run on; null for threads of its own
     */
    public SessionLoop(
            SessionSettings settings, Connector connector, ClientMetrics metrics, @Nullable LoopThreads shared) {
        this.settings = settings;
        this.connector = connector;
        this.board = new SessionBoard(GuardedMetrics.of(metrics));
        this.threads = shared == null ? LoopThreads.ofOneClient() : shared;
        this.ownsThreads = shared == null;
        this.stages = new StageBatch(new CallbackQueue(threads.callbacks()));
    }

    public void start() {
        synchronized (lifecycle) {
            if (running != null || closed) {
                throw new IllegalStateException("a client can be started once");
            }
            Running started = new Running();
            if (ownsThreads) {
                // They end with the one client that has them.
                threads.close();
            }
            running = started;
            open = true;
            started.loop.execute(started::start);
        }
    }

    /** As {@link #close(long)}, with the usual bound, which ends early when no server can be reached. */
    public void close() {
        close(SessionCore.DRAIN_NS, core -> core.close(System.nanoTime()));
    }

    /**
     * Refuses new calls, lets those that were submitted finish within the bound, ends the session; waits for it, but not
     * on a thread of a client. Idempotent.
     */
    public void close(long drainNs) {
        close(drainNs, core -> core.close(System.nanoTime(), drainNs));
    }

    private void close(long drainNs, Consumer<SessionCore> how) {
        CompletableFuture<@Nullable Void> end = startClosing(how);
        if (Thread.currentThread() instanceof NonBlocking) {
            return;
        }
        try {
            end.get(drainNs + SessionCore.CLOSE_ANSWER_NS + CLOSE_GRACE_NS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            log.warn("The client's network thread did not close it in time");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@link #close(long)}, without waiting; the stage completes on a callback thread. */
    public CompletionStage<@Nullable Void> closeAsync(long drainNs) {
        StageResult<@Nullable Void> result = newStage(null);
        startClosing(core -> core.close(System.nanoTime(), drainNs))
                .thenRunAsync(result::completeNow, threads.callbacks());
        return result;
    }

    private CompletableFuture<@Nullable Void> startClosing(Consumer<SessionCore> how) {
        Running ending;
        synchronized (lifecycle) {
            open = false;
            closed = true;
            ending = running;
        }
        if (ending == null) {
            board.onNeverStarted();
            ended.complete(null);
        } else {
            ending.execute(() -> ending.close(how));
        }
        return ended;
    }

    /**
     * Whether what a call on its way still needs can be sent: also while the client closes and calls may finish. Asked on
     * the network thread.
     */
    public boolean isTakingFollowUps() {
        Running to = running;
        return to != null && to.core.isTakingCalls();
    }

    /**
     * Has a call go on after a pause. A client that is closed meanwhile waits for it as long as for pending calls; what is then
     * submitted too late fails like any other call. Called, and calling, on the network thread.
     */
    public void followUp(long pauseNs, Runnable next) {
        Running to = running;
        if (to != null) {
            to.followUp(pauseNs, next);
        }
    }

    /** The servers to use from now on. From any thread. */
    public void updateServers(List<ServerAddress> servers) {
        Running to = running;
        if (to != null) {
            to.execute(() -> to.updateServers(servers));
        }
    }

    /**
     * Presents one more identity, now and on each connection to come. Calls that are submitted afterwards go behind it. From any
     * thread.
     *
     * @throws IllegalStateException when the client is not started, or closed
     */
    public void addCredential(AuthPacket credential) {
        Running to = running;
        if (to == null || !open) {
            throw new IllegalStateException(closed ? "the client is closed" : "the client is not started");
        }
        newCredentials.add(credential);
        to.execute(to::endTurn);
    }

    /** Takes another connection once what is on its way is answered, so that everyone looks again. From any thread. */
    public void renewConnection(String reason) {
        Running to = running;
        if (to != null && open) {
            to.execute(() -> to.renewConnection(reason));
        }
    }

    /**
     * Hands a call to the network thread. Its outcome may be told before this returns. A client that is closing takes only
     * what calls on their way need to be finished; that comes from the network thread.
     */
    public void submit(Call call) {
        Running to = running;
        if (to == null || (!open && !to.loop.inEventLoop())) {
            String why = closed ? "the client is closed" : "the client is not started";
            call.onFailure(new ClientClosedException(call.operation, call.path, why));
            return;
        }
        int limit = settings.maxPendingCalls();
        if (openStages.get() > limit && !call.background && !to.loop.inEventLoop()) {
            call.onFailure(new TooManyRequestsException(call.operation, call.path, limit));
            return;
        }
        if (board.metrics() != ClientMetrics.NONE) {
            call.observed = board.metrics().onRequestSubmitted(call.operation, call.path);
        }
        if (submitted.add(call)) {
            to.execute(to.drain);
        }
    }

    public <T extends @Nullable Object> StageResult<T> newStage(@Nullable SerialExecutor queue) {
        openStages.incrementAndGet();
        return new StageResult<>(queue == null ? onCallbacks : stage -> queue.execute(stage::completeNow), openStages);
    }

    private void complete(StageResult<?> stage) {
        Running loop = running;
        if (loop != null && loop.loop.inEventLoop()) {
            stages.add(stage);
        } else {
            // Refused on the caller's own thread.
            stage.completeNow();
        }
    }

    public SessionState state() {
        return board.state();
    }

    public SessionLease lease() {
        return board.lease();
    }

    public Registration addListener(SessionListener listener, SerialExecutor queue) {
        return board.listeners().add(listener, queue);
    }

    /** Runs on the network thread, so that what a recipe asks for next costs no hand-over between threads. */
    public SerialExecutor newSerialExecutor() {
        return new CallbackQueue(this::runOnLoop);
    }

    /** Without a loop, before the start and after the end, on a callback thread. */
    private void runOnLoop(Runnable turn) {
        Running to = running;
        if (to == null) {
            threads.callbacks().execute(turn);
        } else {
            to.execute(turn, () -> threads.callbacks().execute(turn));
        }
    }

    public SerialExecutor newCallbackQueue() {
        return new CallbackQueue(threads.callbacks());
    }

    /** The queue of a watcher: always the same for the same watcher, so that it is never called twice at once. */
    public SerialExecutor queueFor(Watcher watcher) {
        synchronized (watcherQueues) {
            return watcherQueues.computeIfAbsent(watcher, any -> new CallbackQueue(threads.callbacks()));
        }
    }

    public boolean awaitConnected(long timeoutNs) {
        return board.awaitConnected(timeoutNs);
    }

    public void removeWatch(WatchArming arming, long timeoutNs, Result<@Nullable Void> result) {
        Running to = running;
        if (to == null || !open) {
            result.succeed(null);
            return;
        }
        to.execute(() -> to.removeWatch(arming, timeoutNs, result), () -> result.succeed(null));
    }

    public void withdraw(WatchWithdrawal which, Result<@Nullable Void> result) {
        Running to = running;
        if (to == null || !open) {
            String why = closed ? "the client is closed" : "the client is not started";
            result.fail(new ClientClosedException("removeWatches", which.path(), why));
            return;
        }
        to.execute(
                () -> to.withdraw(which, result),
                () -> result.fail(new ClientClosedException("removeWatches", which.path(), "the client is closed")));
    }

    public int pendingCalls() {
        return pendingCalls;
    }

    public int watchCount() {
        return watches.size();
    }

    /** The part that lives from start to close. All methods but {@code execute} run on the loop. */
    private final class Running {
        final EventLoop loop = threads.acquire(connector.ioHandlerFactory());
        final Runnable drain = this::onSubmitted;
        private final ConnectionPort port = new ConnectionPort(loop, connector, board, this::endTurn, this::onClosed);
        private final SessionCore core =
                new SessionCore(settings, port, watches, RandomGenerator.getDefault(), System.nanoTime());
        private @Nullable ScheduledFuture<?> timer;
        private long timerNs = SessionCore.NEVER;
        private boolean inTurn;
        private boolean anotherRound;
        /** Told at the end of the turn: whoever waits may look for the outcomes that it hands over. */
        private boolean isEnded;

        void execute(Runnable task) {
            execute(task, () -> {});
        }

        /** @param refused run instead when the client closed meanwhile and its loop is gone */
        void execute(Runnable task, Runnable refused) {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                // What was submitted meanwhile gets its outcome here.
                refuseSubmitted();
                refused.run();
            }
        }

        void start() {
            port.drive(core);
            core.start(System.nanoTime());
            endTurn();
        }

        void close(Consumer<SessionCore> how) {
            how.accept(core);
            endTurn();
        }

        void followUp(long pauseNs, Runnable next) {
            core.awaitFollowUp();
            loop.schedule(
                    () -> {
                        core.onFollowUp();
                        next.run();
                        endTurn();
                    },
                    pauseNs,
                    TimeUnit.NANOSECONDS);
        }

        void updateServers(List<ServerAddress> servers) {
            core.updateServers(servers);
            endTurn();
        }

        void renewConnection(String reason) {
            core.renewConnection(reason);
            endTurn();
        }

        void removeWatch(WatchArming arming, long timeoutNs, Result<@Nullable Void> result) {
            core.removeWatch(System.nanoTime(), arming, timeoutNs, result);
            endTurn();
        }

        void withdraw(WatchWithdrawal which, Result<@Nullable Void> result) {
            core.withdraw(System.nanoTime(), which, result);
            endTurn();
        }

        private void onSubmitted() {
            if (!submitted.isEmpty()) {
                endTurn();
            }
        }

        /**
         * Takes the calls that came meanwhile, sends, tells, and sets the clock. Sending may at once make room to send
         * more, which Netty tells from within: that is another round, not a nested turn.
         */
        private void endTurn() {
            anotherRound = true;
            if (inTurn) {
                return;
            }
            inTurn = true;
            try {
                while (anotherRound) {
                    anotherRound = false;
                    long now = System.nanoTime();
                    takeSubmitted(now);
                    core.endTurn(now);
                    port.flush();
                }
            } finally {
                inTurn = false;
            }
            stages.handOver();
            pendingCalls = core.pendingCalls();
            setTimer(System.nanoTime());
            if (isEnded) {
                ended.complete(null);
            }
        }

        private void takeSubmitted(long now) {
            takeCredentials();
            while (!submitted.isEmpty()) {
                Call call = submitted.takeAll();
                // Whoever submitted one of these calls may have added an identity before.
                takeCredentials();
                while (call != null) {
                    Call next = call.next;
                    core.submit(now, call);
                    call = next;
                }
            }
        }

        private void takeCredentials() {
            AuthPacket credential = newCredentials.poll();
            while (credential != null) {
                core.addCredential(credential);
                credential = newCredentials.poll();
            }
        }

        private void setTimer(long now) {
            long wake = core.nextWakeUpNs();
            ScheduledFuture<?> set = timer;
            if (wake == SessionCore.NEVER || (set != null && timerNs - wake <= 0)) {
                return;
            }
            if (set != null) {
                set.cancel(false);
            }
            timerNs = wake;
            timer = loop.schedule(this::onTimer, Math.max(0, wake - now), TimeUnit.NANOSECONDS);
        }

        private void onTimer() {
            timer = null;
            core.onTick(System.nanoTime());
            endTurn();
        }

        private void onClosed() {
            ScheduledFuture<?> set = timer;
            if (set != null) {
                set.cancel(false);
            }
            threads.release();
            isEnded = true;
        }
    }

    private void refuseSubmitted() {
        Call call = submitted.takeAll();
        while (call != null) {
            Call next = call.next;
            board.tellCompleted(call, ClientMetrics.Outcome.ERROR, System.nanoTime(), 0, -1);
            call.onFailure(new ClientClosedException(call.operation, call.path, "the client is closed"));
            call = next;
        }
    }
}
