package io.coord.recipes.cache;

import io.coord.client.CoordClient;
import io.coord.client.ReadOp;
import io.coord.client.ReadResult;
import io.coord.client.StatHolder;
import io.coord.client.error.ClientClosedException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.ServerErrorException;
import io.coord.client.error.SessionLostException;
import io.coord.client.error.TooManyRequestsException;
import io.coord.client.error.UnsupportedByServerException;
import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.watch.Watch;
import io.coord.client.watch.WatchEvent;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.AddWatchMode;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Subscription;
import io.coord.recipes.internal.call.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds a {@link CacheCore} from a client: the watch, the reads, the connection; and tells listeners. A serial queue owns it,
 * but for the list of listeners and the flags that any thread may read. It is one of the callback threads': it asks the
 * user's filter, and lists of a million names take longer than the network may wait.
 */
final class CacheFeed implements CachePort {
    private static final Logger LOG = LoggerFactory.getLogger(CacheFeed.class);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(250);
    private static final long PZXID_UNKNOWN = -1;

    private final CoordClient client;
    private final String path;
    private final AddWatchMode mode;
    private final Duration resyncJitter;
    private final SerialExecutor queue;
    private final CacheCore core;
    private final List<Subscription<CacheListener>> subscriptions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Boolean> initialized = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean inSync;
    private volatile boolean limited;
    /** Guarded by the monitor of {@link #subscriptions}: a listener is either told of it or knows from the beginning. */
    private boolean initializedTold;

    private @Nullable Registration sessionEvents;
    private @Nullable Watch watch;
    private boolean arming;
    private boolean connected;
    private boolean over;
    private long connections;

    CacheFeed(CoordCacheBuilder settings, ConcurrentNavigableMap<String, CachedNode> nodes) {
        this.client = settings.client;
        this.path = settings.path;
        this.mode = settings.scope.maxDepth() > 0 ? AddWatchMode.PERSISTENT_RECURSIVE : AddWatchMode.PERSISTENT;
        this.resyncJitter = settings.resyncJitter;
        this.queue = client.callbackExecutor();
        this.core = new CacheCore(settings.scope, settings.maxConcurrentReads, nodes, this);
    }

    boolean isStarted() {
        return started.get();
    }

    boolean isInSync() {
        return inSync;
    }

    boolean isLimited() {
        return limited;
    }

    /** Completes with true when the cache was complete once, with false when it was closed before. */
    CompletableFuture<Boolean> initialized() {
        return initialized;
    }

    void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the cache of " + path + " was started or closed before");
        }
        queue.execute(() -> {
            if (!over) {
                sessionEvents = client.addSessionListener(this::onSessionEvent, queue);
                connected = client.state() == SessionState.CONNECTED;
                arm();
            }
        });
    }

    CompletionStage<Void> close() {
        started.set(true);
        subscriptions.forEach(Subscription::close);
        queue.execute(this::end);
        return CallerStages.told(client, closed);
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        inSync = false;
        core.disconnected();
        initialized.complete(false);
        if (sessionEvents != null) {
            sessionEvents.close();
        }
        Watch armed = watch;
        if (armed == null) {
            closed.complete(null);
        } else {
            armed.closeAsync().whenComplete((done, failure) -> closed.complete(null));
        }
    }

    Registration addListener(CacheListener listener) {
        Subscription<CacheListener> subscription =
                new Subscription<>(listener, client.callbackExecutor(), subscriptions);
        synchronized (subscriptions) {
            // Before it can be told anything, or the change that comes next is left out.
            if (initializedTold && listener instanceof CacheListenerBuilder.Composite composite) {
                composite.activate();
            }
            subscriptions.add(subscription);
        }
        return subscription;
    }

    // ---- the connection and the watch

    private void onSessionEvent(SessionEvent event) {
        switch (event.type()) {
            case CONNECTED, RECONNECTED -> {
                connected = true;
                if (watch != null) {
                    resync();
                } else {
                    arm();
                }
            }
            case SUSPENDED, LOST -> {
                connected = false;
                connections++;
                inSync = false;
                core.disconnected();
            }
            case READ_ONLY -> {}
            case CLOSED -> end();
        }
    }

    private void arm() {
        if (!connected || arming || watch != null || over) {
            return;
        }
        arming = true;
        client.watchers()
                .add()
                .withMode(mode)
                .usingWatcher(this::onWatchEvent, queue)
                .completingOn(queue)
                .forPathAsync(path)
                .whenComplete((armed, failure) -> {
                    arming = false;
                    if (failure == null) {
                        armed(armed);
                    } else if (!over) {
                        LOG.debug("Could not watch {}, trying again", path, failure);
                        Timer.schedule(queue, RETRY_PAUSE, this::arm);
                    }
                });
    }

    private void armed(Watch armed) {
        if (over) {
            armed.close();
            return;
        }
        watch = armed;
        if (connected) {
            core.connected();
            publish();
        }
    }

    private void resync() {
        long connection = ++connections;
        Runnable compare = () -> {
            if (connected && !over && connection == connections) {
                core.connected();
                publish();
            }
        };
        long jitterMs = resyncJitter.toMillis();
        if (jitterMs == 0) {
            compare.run();
        } else {
            Timer.schedule(queue, Duration.ofMillis(ThreadLocalRandom.current().nextLong(jitterMs + 1)), compare);
        }
    }

    private void onWatchEvent(WatchEvent event) {
        if (!over) {
            core.event(event.type(), event.path(), event.zxid());
            publish();
        }
    }

    private void publish() {
        inSync = core.isInSync();
        limited = core.isLimited();
    }

    // ---- reads

    @Override
    public void read(List<CacheRead> reads, long epoch) {
        if (reads.size() > 1) {
            readMany(reads, epoch);
            return;
        }
        String node = reads.get(0).path();
        switch (reads.get(0).kind()) {
            case DATA -> readData(node, epoch);
            case STAT -> readStat(node, epoch);
            case CHILDREN -> readChildren(node, epoch);
        }
    }

    private void readData(String node, long epoch) {
        StatHolder stat = new StatHolder();
        client.getData()
                .storingStatIn(stat)
                .completingOn(queue)
                .forPathAsync(node)
                .whenComplete((data, failure) -> {
                    if (failure == null) {
                        core.dataRead(node, stat.get(), data, epoch);
                    } else {
                        failed(node, Callers.asUnchecked(failure), epoch);
                    }
                    done(epoch);
                });
    }

    private void readStat(String node, long epoch) {
        client.checkExists().completingOn(queue).forPathAsync(node).whenComplete((stat, failure) -> {
            if (failure != null) {
                failed(node, Callers.asUnchecked(failure), epoch);
            } else if (stat == null) {
                core.missing(node, epoch);
            } else {
                core.statRead(node, stat, epoch);
            }
            done(epoch);
        });
    }

    private void readChildren(String node, long epoch) {
        StatHolder stat = new StatHolder();
        client.getChildren()
                .storingStatIn(stat)
                .completingOn(queue)
                .forPathAsync(node)
                .whenComplete((names, failure) -> {
                    if (failure == null) {
                        core.childrenRead(node, names, stat.get().pzxid(), epoch);
                    } else {
                        failed(node, Callers.asUnchecked(failure), epoch);
                    }
                    done(epoch);
                });
    }

    private void readMany(List<CacheRead> reads, long epoch) {
        List<ReadOp> ops = new ArrayList<>(reads.size());
        for (CacheRead read : reads) {
            ops.add(
                    read.kind() == CacheRead.Kind.CHILDREN
                            ? ReadOp.getChildren(read.path())
                            : ReadOp.getData(read.path()));
        }
        client.multiRead().completingOn(queue).forOperationsAsync(ops).whenComplete((results, failure) -> {
            if (failure == null) {
                results.forEach(result -> answer(result, epoch));
                done(epoch);
            } else {
                manyFailed(reads, Callers.asUnchecked(failure), epoch);
            }
        });
    }

    private void answer(ReadResult result, long epoch) {
        if (result instanceof ReadResult.Data found) {
            core.dataRead(found.path(), found.stat(), found.data(), epoch);
        } else if (result instanceof ReadResult.Children found) {
            core.childrenRead(found.path(), found.names(), PZXID_UNKNOWN, epoch);
        } else if (result instanceof ReadResult.Failed refused) {
            failed(refused.path(), refused.failure(), epoch);
        }
    }

    private void manyFailed(List<CacheRead> reads, RuntimeException cause, long epoch) {
        if (cause instanceof UnsupportedByServerException) {
            core.batchesUnsupported(reads, epoch);
        } else if (isPassing(cause)) {
            reads.forEach(read -> core.readFailed(read.path(), false, epoch));
            core.requestDone(epoch);
        } else {
            // Too long for the client or the server, most likely. Whatever it is, fewer reads will tell whom it
            // concerns.
            LOG.debug("The cache of {} reads {} nodes in smaller pieces", path, reads.size(), cause);
            core.tooLong(reads, epoch);
        }
        publish();
    }

    private void done(long epoch) {
        core.requestDone(epoch);
        publish();
    }

    private void failed(String node, RuntimeException cause, long epoch) {
        if (cause instanceof NoNodeException) {
            core.missing(node, epoch);
            return;
        }
        boolean passing = isPassing(cause);
        if (!passing && !(cause instanceof NoAuthException)) {
            LOG.warn("The cache of {} leaves out {}, which cannot be read", path, node, cause);
        }
        core.readFailed(node, !passing, epoch);
    }

    static boolean isPassing(RuntimeException cause) {
        return cause instanceof OutcomeUnknown
                || cause instanceof RequestTimeoutException
                || cause instanceof SessionLostException
                || cause instanceof TooManyRequestsException
                || cause instanceof ClientClosedException
                || (cause instanceof ServerErrorException refused && isPassing(refused.error()));
    }

    /** What a server answers that cannot do it now. */
    private static boolean isPassing(@Nullable ErrorCode error) {
        return error == ErrorCode.THROTTLED_OP
                || error == ErrorCode.OPERATION_TIMEOUT
                || error == ErrorCode.REQUEST_TIMEOUT
                || error == ErrorCode.CONNECTION_LOSS
                || error == ErrorCode.SESSION_MOVED;
    }

    @Override
    public void retryLater(long epoch) {
        Timer.schedule(queue, RETRY_PAUSE, () -> {
            core.retry(epoch);
            publish();
        });
    }

    // ---- listeners

    @Override
    public void onCreated(CachedNode node) {
        tell(listener -> listener.onEvent(CacheListener.Type.NODE_CREATED, null, node));
    }

    @Override
    public void onChanged(CachedNode before, CachedNode after) {
        tell(listener -> listener.onEvent(CacheListener.Type.NODE_CHANGED, before, after));
    }

    @Override
    public void onDeleted(CachedNode node) {
        tell(listener -> listener.onEvent(CacheListener.Type.NODE_DELETED, node, null));
    }

    @Override
    public void onInitialized() {
        publish();
        initialized.complete(true);
        synchronized (subscriptions) {
            initializedTold = true;
            tell(CacheListener::onInitialized);
        }
    }

    @Override
    public void onResynced() {
        publish();
        tell(CacheListener::onResynced);
    }

    @Override
    public void onLimitReached() {
        publish();
        tell(CacheListener::onLimitReached);
    }

    private void tell(Consumer<CacheListener> what) {
        for (Subscription<CacheListener> subscription : subscriptions) {
            subscription.tell(what);
        }
    }
}
