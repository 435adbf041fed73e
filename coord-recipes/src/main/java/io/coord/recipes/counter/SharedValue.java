package io.coord.recipes.counter;

import io.coord.client.CoordClient;
import io.coord.client.error.BadVersionException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.session.Registration;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.Stat;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.cache.CachedNode;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.internal.call.Callers;
import io.coord.recipes.internal.call.Subscription;
import io.coord.recipes.internal.call.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that every process follows and may change: the data of a znode, as Curator's {@code SharedValue} keeps it. Reading it
 * asks no server; it may lag behind, never behind this object's own writes nor behind what listeners were told.
 *
 * <p>Thread-safe: one volatile field holds the newest value that was seen.
 *
 * <pre>{@code
 * SharedValue value = new SharedValue(client, "/values/plan", bytes).start();
 * value.addListener(newer -> use(newer.bytes()));
 * Optional<VersionedValue> written = value.trySet(value.versioned(), bytes);
 * }</pre>
 */
public final class SharedValue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedValue.class);
    /** A version that no znode has, so that what was never read is never overwritten. */
    private static final int NEVER_THERE = Integer.MAX_VALUE;

    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final CoordClient client;
    private final String path;
    private final CoordCache cache;
    /** Written under this object's monitor. */
    private volatile VersionedValue latest;

    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final List<Subscription<Consumer<VersionedValue>>> subscriptions = new CopyOnWriteArrayList<>();
    private final byte[] seed;
    private volatile boolean closed;

    /** @param seed what the value is when nobody has set it: the znode is created with it */
    public SharedValue(CoordClient client, String path, byte[] seed) {
        this.client = client;
        this.path = path;
        this.seed = seed;
        this.latest = new VersionedValue(seed, 0, -1);
        this.cache = CoordCache.builder(client, path).singleNode().build();
        this.cache.addListener(new Feed());
    }

    /**
     * Starts to follow the value, without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public SharedValue start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the shared value " + path + " was started or closed before");
        }
        cache.start();
        return this;
    }

    /**
     * Waits until the value was read, or made, once.
     *
     * @return whether it was; false when the time passed or it was closed
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitReady(Duration timeout) {
        CompletableFuture<Boolean> waiter = new CompletableFuture<>();
        ready.thenAccept(waiter::complete);
        waiter.completeOnTimeout(false, Callers.nanos(timeout), TimeUnit.NANOSECONDS);
        return Callers.await(waiter, "awaitReady", path);
    }

    public String path() {
        return path;
    }

    /** The newest value that was seen; the seed before the first was. Not copied. */
    public byte[] get() {
        return latest.bytes();
    }

    /** As {@link #get()}, with what {@link #trySet} needs. */
    public VersionedValue versioned() {
        return latest;
    }

    /** Whether the value is known to be the newest, as far as this client can tell. */
    public boolean isInSync() {
        return cache.isInSync();
    }

    /**
     * Sets the value if it is still that one.
     *
     * @return the new value; empty when somebody else has changed it
     * @throws io.coord.client.error.ConnectionLossException when it may have been set; the same call again then says empty if it
     *     was
     */
    public Optional<VersionedValue> trySet(VersionedValue previous, byte[] value) {
        return Callers.await(trySetAsync(previous, value).toCompletableFuture(), "trySet", path);
    }

    /** As {@link #trySet}, without waiting. */
    public CompletionStage<Optional<VersionedValue>> trySetAsync(VersionedValue previous, byte[] value) {
        return client.setData()
                .withVersion(previous.version() < 0 ? NEVER_THERE : previous.version())
                .forPathAsync(path, value)
                .handle((stat, failure) -> {
                    if (failure == null) {
                        return Optional.of(seen(value, stat));
                    }
                    RuntimeException cause = Callers.asUnchecked(failure);
                    if (cause instanceof BadVersionException || cause instanceof NoNodeException) {
                        return Optional.empty();
                    }
                    throw cause;
                });
    }

    /**
     * Sets the value, whatever it was.
     *
     * @throws io.coord.client.error.ConnectionLossException when it may have been set
     */
    public VersionedValue set(byte[] value) {
        return Callers.await(setAsync(value).toCompletableFuture(), "set", path);
    }

    /** As {@link #set}, without waiting. */
    public CompletionStage<VersionedValue> setAsync(byte[] value) {
        return client.setData().forPathAsync(path, value).thenApply(stat -> seen(value, stat));
    }

    private synchronized VersionedValue seen(byte[] value, Stat stat) {
        VersionedValue now = new VersionedValue(value, stat.mzxid(), stat.version());
        if (now.mzxid() > latest.mzxid()) {
            latest = now;
        }
        return now;
    }

    /**
     * Tells the listener of each new value from now on, on a callback thread; of changes that follow each other quickly perhaps
     * the last only.
     *
     * @return closing it ends that
     */
    public Registration addListener(Consumer<VersionedValue> listener) {
        Subscription<Consumer<VersionedValue>> subscription =
                new Subscription<>(listener, client.callbackExecutor(), subscriptions);
        subscriptions.add(subscription);
        return subscription;
    }

    /** Follows the value no longer; the znode stays. Idempotent. */
    @Override
    public void close() {
        started.set(true);
        closed = true;
        subscriptions.forEach(Subscription::close);
        ready.complete(false);
        cache.close();
    }

    /** Runs on one callback queue. */
    private final class Feed implements CacheListener {
        @Override
        public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
            if (after != null) {
                VersionedValue now = seen(after.data(), after.stat());
                ready.complete(true);
                subscriptions.forEach(each -> each.tell(listener -> listener.accept(now)));
            } else {
                makeUnlessThere();
            }
        }

        @Override
        public void onInitialized() {
            makeUnlessThere();
        }

        @Override
        public void onResynced() {
            makeUnlessThere();
        }
    }

    /** A creation whose answer is lost shows itself; whatever else keeps it from happening, it is tried again. */
    private void makeUnlessThere() {
        if (cache.get().isEmpty() && !closed && client.state() != SessionState.CLOSED) {
            client.create()
                    .creatingParentContainersIfNeeded()
                    .forPathAsync(path, seed)
                    .whenComplete((created, failure) -> {
                        if (failure != null && !(Callers.asUnchecked(failure) instanceof NodeExistsException)) {
                            LOG.warn("The shared value {} could not be made; it is tried again", path, failure);
                            Timer.schedule(client.callbackExecutor(), RETRY_PAUSE, this::makeUnlessThere);
                        }
                    });
        }
    }
}
