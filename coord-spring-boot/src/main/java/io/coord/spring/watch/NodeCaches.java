package io.coord.spring.watch;

import io.coord.client.CoordClient;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.cache.CoordCacheBuilder;
import java.time.Duration;

/**
 * Makes caches with the settings below {@code coord.cache}. A {@link CoordCache} that is a bean is filled when the application has
 * started and closed when it stops; listeners that are added where the bean is made are told everything:
 *
 * <pre>{@code
 * @Bean
 * CoordCache settings(NodeCaches caches) {
 *     CoordCache cache = caches.node("/shop/settings").build();
 *     cache.addListener(listener);
 *     return cache;
 * }
 * }</pre>
 *
 * <p>Thread-safe: immutable.
 */
public final class NodeCaches {

    private final CoordClient client;
    private final Duration resyncJitter;
    private final int maxConcurrentReads;

    /**
     * @param resyncJitter longest random pause after a reconnect
     * @param maxConcurrentReads of one cache
     */
    public NodeCaches(CoordClient client, Duration resyncJitter, int maxConcurrentReads) {
        this.client = client;
        this.resyncJitter = resyncJitter;
        this.maxConcurrentReads = maxConcurrentReads;
    }

    /** Of one node, which need not exist. */
    public CoordCacheBuilder node(String path) {
        return tree(path).singleNode();
    }

    /** Of a node, which need not exist, and of all below it. */
    public CoordCacheBuilder tree(String path) {
        return CoordCache.builder(client, path).resyncJitter(resyncJitter).maxConcurrentReads(maxConcurrentReads);
    }
}
