package io.coord.client.internal.session;

import io.coord.client.error.ClientClosedException;
import io.coord.client.internal.callback.CallbackPool;
import io.coord.client.internal.callback.CallbackQueue;
import io.coord.client.internal.callback.NonBlocking;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchRegistry;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionLease;
import io.coord.client.session.SessionListener;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.Connector;
import io.coord.client.watch.Watcher;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The shell of {@link SessionCore}: one Netty event loop for the client's whole life. It turns what arrives, from the
 * network, the clock and callers, into events for the core, one batch a turn, and ends each turn with one flush and one
 * hand-over to the callback threads.
 *
 * <p>Thread-safe: callers enter through {@code submitted}, a list that is pushed with compare-and-set and drained whole, so
 * that a burst of calls wakes the loop once. Everything else is volatile or owned by the loop's thread.
 */
public final class SessionLoop {
    private static final int CALLBACK_THREADS = 8;
    private static final int SERIAL_THREADS = 2;
    private static final long CLOSE_WAIT_SECONDS = 10;

    private final SessionSettings settings;
    private final Connector connector;
    private final CallbackPool callbacks = new CallbackPool("coord-client-callback", CALLBACK_THREADS);
    private final CallbackPool serials = new CallbackPool("coord-client-serial", SERIAL_THREADS);
    private final Map<Watcher, CallbackQueue> watcherQueues = new WeakHashMap<>();
    private final SessionBoard board;
    private final StageBatch stages = new StageBatch(new CallbackQueue(callbacks));
    private final StageCompletions onCallbacks = this::complete;
    private final AtomicReference<@Nullable Call> submitted = new AtomicReference<>();
    private final Object lifecycle = new Object();
    private volatile @Nullable Running running;
    private volatile boolean open;
    private volatile boolean closed;
    private volatile int pendingCalls;
    private final WatchRegistry watches = new WatchRegistry();

    public SessionLoop(SessionSettings settings, Connector connector, ClientMetrics metrics) {
        this.settings = settings;
        this.connector = connector;
        this.board = new SessionBoard(metrics);
    }

    public void start() {
        synchronized (lifecycle) {
            if (running != null || closed) {
                throw new IllegalStateException("a client can be started once");
            }
            Running started = new Running();
            running = started;
            open = true;
            started.loop.execute(started::start);
        }
    }

    /** Ends the session; waits for it, but not on a thread of the client. Idempotent. */
    public void close() {
        Running ending;
        synchronized (lifecycle) {
            open = false;
            closed = true;
            ending = running;
        }
        if (ending == null) {
            board.onNeverStarted();
            return;
        }
        ending.execute(ending::close);
        if (Thread.currentThread() instanceof NonBlocking) {
            return;
        }
        try {
            ending.group.terminationFuture().await(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether new calls are accepted. */
    public boolean isOpen() {
        return open;
    }

    /** Hands a call to the network thread. Its outcome may be told before this returns. */
    public void submit(Call call) {
        Running to = running;
        if (to == null || (!open && !call.background)) {
            String why = closed ? "the client is closed" : "the client is not started";
            call.onFailure(new ClientClosedException(call.operation, call.path, why));
            return;
        }
        Call before = submitted.get();
        call.next = before;
        while (!submitted.compareAndSet(before, call)) {
            before = submitted.get();
            call.next = before;
        }
        if (before == null) {
            to.execute(to.drain);
        }
    }

    public <T extends @Nullable Object> StageResult<T> newStage(@Nullable SerialExecutor queue) {
        return new StageResult<>(queue == null ? onCallbacks : stage -> queue.execute(stage::completeNow));
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

    public SerialExecutor newSerialExecutor() {
        return new CallbackQueue(serials);
    }

    public SerialExecutor newCallbackQueue() {
        return new CallbackQueue(callbacks);
    }

    /** The queue of a watcher: always the same for the same watcher, so that it is never called twice at once. */
    public SerialExecutor queueFor(Watcher watcher) {
        synchronized (watcherQueues) {
            return watcherQueues.computeIfAbsent(watcher, any -> new CallbackQueue(callbacks));
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
        to.execute(() -> to.removeWatch(arming, timeoutNs, result));
    }

    public void removeWatcher(Watcher watcher, String serverPath, long timeoutNs, Result<@Nullable Void> result) {
        Running to = running;
        if (to == null || !open) {
            result.succeed(null);
            return;
        }
        to.execute(() -> to.removeWatcher(watcher, serverPath, timeoutNs, result));
    }

    public int pendingCalls() {
        return pendingCalls;
    }

    public int watchCount() {
        return watches.size();
    }

    /** The part that lives from start to close. All methods but {@code execute} run on the loop. */
    private final class Running {
        final EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, SessionLoop::newThread, connector.ioHandlerFactory());
        final EventLoop loop = group.next();
        final Runnable drain = this::onSubmitted;
        private final ConnectionPort port = new ConnectionPort(loop, connector, board, this::endTurn, this::onClosed);
        private final SessionCore core =
                new SessionCore(settings, port, watches, RandomGenerator.getDefault(), System.nanoTime());
        private @Nullable ScheduledFuture<?> timer;
        private long timerNs = SessionCore.NEVER;
        private boolean inTurn;
        private boolean anotherRound;

        void execute(Runnable task) {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                // The loop is gone: what was submitted meanwhile gets its outcome here.
                refuseSubmitted();
            }
        }

        void start() {
            port.drive(core);
            core.start(System.nanoTime());
            endTurn();
        }

        void close() {
            core.close(System.nanoTime());
            endTurn();
        }

        void removeWatch(WatchArming arming, long timeoutNs, Result<@Nullable Void> result) {
            core.removeWatch(System.nanoTime(), arming, timeoutNs, result);
            endTurn();
        }

        void removeWatcher(Watcher watcher, String serverPath, long timeoutNs, Result<@Nullable Void> result) {
            core.removeWatcher(System.nanoTime(), watcher, serverPath, timeoutNs, result);
            endTurn();
        }

        private void onSubmitted() {
            if (submitted.get() != null) {
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
        }

        private void takeSubmitted(long now) {
            while (submitted.get() != null) {
                Call call = inOrder(submitted.getAndSet(null));
                while (call != null) {
                    Call next = call.next;
                    core.submit(now, call);
                    call = next;
                }
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
            callbacks.retire();
            serials.retire();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private void refuseSubmitted() {
        Call call = inOrder(submitted.getAndSet(null));
        while (call != null) {
            Call next = call.next;
            call.onFailure(new ClientClosedException(call.operation, call.path, "the client is closed"));
            call = next;
        }
    }

    /** The list is pushed at its head; callers expect the order of their calls. */
    private static @Nullable Call inOrder(@Nullable Call pushed) {
        Call reversed = null;
        Call call = pushed;
        while (call != null) {
            Call next = call.next;
            call.next = reversed;
            reversed = call;
            call = next;
        }
        return reversed;
    }

    private static Thread newThread(Runnable task) {
        return new IoThread(task);
    }

    private static final class IoThread extends FastThreadLocalThread implements NonBlocking {
        IoThread(Runnable task) {
            super(task, "coord-client-io");
            setDaemon(true);
        }
    }
}
