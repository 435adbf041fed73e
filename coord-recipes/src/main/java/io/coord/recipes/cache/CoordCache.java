package io.coord.recipes.cache;

import io.coord.client.CoordClient;
import io.coord.client.session.Registration;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.internal.call.Callers;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A local copy of a znode, or of it and all that is below it, kept up to date by one persistent watch. Reading it asks no
 * server. It may lag behind the servers, never behind what its listeners were told.
 *
 * <p>The first filling reads hundreds of nodes with one request. Without a connection the cache keeps what it knows. After a
 * reconnect it compares every node by its stat, short nodes by hundreds in one request, and reads only what changed; then
 * listeners are told {@code onResynced}. The node need not exist. Nodes that the client may not read are left out.
 *
 * <p>A node costs about 210 bytes of heap besides its path and its data.
 *
 * <p>Thread-safe: the copy is a concurrent map that one serial queue writes.
 *
 * <pre>{@code
 * CoordCache cache = CoordCache.builder(client, "/config").build();
 * cache.addListener((type, before, after) -> use(type, before, after));
 * cache.start();
 * cache.awaitInitialized(Duration.ofSeconds(10));
 * Optional<CachedNode> greeting = cache.get("/config/greeting");
 * }</pre>
 */
public final class CoordCache implements AutoCloseable {
    private final String path;
    private final ConcurrentNavigableMap<String, CachedNode> nodes = new ConcurrentSkipListMap<>();
    private final CacheFeed feed;

    CoordCache(CoordCacheBuilder settings) {
        this.path = settings.path;
        this.feed = new CacheFeed(settings, nodes);
    }

    /** A cache of the node and of all below it, unless the builder is told otherwise. */
    public static CoordCacheBuilder builder(CoordClient client, String path) {
        return new CoordCacheBuilder(client, path);
    }

    /**
     * Starts to fill the cache, without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public CoordCache start() {
        feed.start();
        return this;
    }

    /** Ends the watch without waiting. Listeners are not called any more; what the cache knows stays readable. Idempotent. */
    @Override
    public void close() {
        feed.close();
    }

    /** As {@link #close()}; the stage completes when the server has forgotten the watch or never needs to be told. */
    public CompletionStage<Void> closeAsync() {
        return feed.close();
    }

    /** Whether {@link #start()} was called, or the cache was closed before. */
    public boolean isStarted() {
        return feed.isStarted();
    }

    public String path() {
        return path;
    }

    /** The node of that path, which is the cache's own path or lies below it. */
    public Optional<CachedNode> get(String nodePath) {
        return Optional.ofNullable(nodes.get(nodePath));
    }

    /** The node of the cache's own path. */
    public Optional<CachedNode> get() {
        return get(path);
    }

    /** The children of a node by their names, in the order of these; empty when there are none. */
    public NavigableMap<String, CachedNode> children(String parentPath) {
        NavigableMap<String, CachedNode> children = new TreeMap<>();
        PathRange.children(nodes, parentPath).forEachRemaining(childPath -> {
            CachedNode child = nodes.get(childPath);
            if (child != null) {
                children.put(ZnodePath.name(childPath), child);
            }
        });
        return Collections.unmodifiableNavigableMap(children);
    }

    /** All nodes in the order of their paths: a live view, whose iteration shows changes that come meanwhile or not. */
    public Collection<CachedNode> nodes() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    /** How many nodes the cache holds. */
    public int size() {
        return nodes.size();
    }

    /**
     * Whether the cache is complete and the servers are in reach, as far as this client knows; otherwise it shows what was
     * known last.
     */
    public boolean isInSync() {
        return feed.isInSync();
    }

    /** Whether nodes are left out because the cache holds as many as it may, see {@link CoordCacheBuilder#maxNodes}. */
    public boolean isLimited() {
        return feed.isLimited();
    }

    /** Whether the cache was complete once. */
    public boolean isInitialized() {
        return feed.initialized().isDone();
    }

    /**
     * Waits until the cache was complete once.
     *
     * @return whether it was; false when the time passed or the cache was closed
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitInitialized(Duration timeout) {
        CompletableFuture<Boolean> waiter = new CompletableFuture<>();
        feed.initialized().thenAccept(waiter::complete);
        waiter.completeOnTimeout(false, Callers.nanos(timeout), TimeUnit.NANOSECONDS);
        return Callers.await(waiter, "awaitInitialized", path);
    }

    /**
     * Tells the listener of changes from now on. One that is there before {@link #start()} is told everything, the first
     * filling included.
     *
     * @return closing it ends that
     */
    public Registration addListener(CacheListener listener) {
        return feed.addListener(listener);
    }

    @Override
    public String toString() {
        @Nullable CachedNode own = nodes.get(path);
        return "CoordCache[" + path + ", " + nodes.size() + " nodes" + (own == null ? ", node missing" : "") + "]";
    }
}
