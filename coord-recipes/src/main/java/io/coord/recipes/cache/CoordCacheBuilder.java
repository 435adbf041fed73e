package io.coord.recipes.cache;

import io.coord.client.CoordClient;
import io.coord.protocol.data.ZnodePath;
import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings of a {@link CoordCache}. Not thread-safe.
 *
 * <pre>{@code
 * CoordCache cache = CoordCache.builder(client, "/services")
 *         .maxDepth(2)
 *         .filter(path -> !path.startsWith("/services/internal"))
 *         .maxNodes(100_000)
 *         .maxNodeDataBytes(64 << 10)
 *         .build();
 * }</pre>
 */
public final class CoordCacheBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(CoordCacheBuilder.class);

    final CoordClient client;
    final String path;
    CacheScope scope;
    int maxConcurrentReads = 32;
    Duration resyncJitter = Duration.ZERO;

    CoordCacheBuilder(CoordClient client, String path) {
        this.client = client;
        this.path = ZnodePath.validate(path);
        this.scope = CacheScope.wholeTree(this.path);
    }

    /** Follows the node alone; otherwise it and all that is below it. */
    public CoordCacheBuilder singleNode() {
        return maxDepth(0);
    }

    /** Follows the node and its children, not what is below these. */
    public CoordCacheBuilder childrenOnly() {
        return maxDepth(1);
    }

    /** How many levels below the node belong to the cache: 0 for the node alone. All by default. */
    public CoordCacheBuilder maxDepth(int levels) {
        if (levels < 0) {
            throw new IllegalArgumentException("a depth must not be negative: " + levels);
        }
        this.scope = scope.withMaxDepth(levels);
        return this;
    }

    /**
     * Leaves out the nodes whose paths the filter refuses, with all that is below them; they are not read either. It is asked
     * on a callback thread and more than once, so it must be quick and always give the same answer. What it
     * throws for is left out, and logged. The cache's own node belongs to it in any case.
     */
    public CoordCacheBuilder filter(Predicate<String> wantedPaths) {
        this.scope = scope.withFilter(nodePath -> {
            try {
                return wantedPaths.test(nodePath);
            } catch (RuntimeException e) {
                LOG.error("The filter of the cache of {} failed; it leaves out {}", path, nodePath, e);
                return false;
            }
        });
        return this;
    }

    /**
     * The most nodes that the cache holds. Those for which there is no room are left out, and {@link
     * CacheListener#onLimitReached()} tells; once a tenth has become free they are looked for. No bound by default.
     */
    public CoordCacheBuilder maxNodes(int limit) {
        this.scope = scope.withMaxNodes(atLeastOne("node", limit));
        return this;
    }

    /** Nodes with longer data are held without them, see {@link CachedNode#hasData()}. No bound by default. */
    public CoordCacheBuilder maxNodeDataBytes(int limit) {
        this.scope = scope.withMaxNodeDataBytes(notNegative(limit));
        return this;
    }

    /**
     * The most bytes of data that the cache holds. Nodes whose data do not fit are held without them, see {@link
     * CachedNode#hasData()}, until they change or are compared after a reconnect and there is room. No bound by default.
     */
    public CoordCacheBuilder maxTotalDataBytes(long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a bound must not be negative: " + limit);
        }
        this.scope = scope.withMaxTotalDataBytes(limit);
        return this;
    }

    /** Holds no data: for those who only want to know which nodes there are. */
    public CoordCacheBuilder withoutData() {
        return maxNodeDataBytes(0);
    }

    private static int notNegative(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a bound must not be negative: " + limit);
        }
        return limit;
    }

    private static int atLeastOne(String what, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("at least one " + what + " must be allowed, not " + limit);
        }
        return limit;
    }

    /** How many requests the cache has under way at most, each for many nodes. 32 by default. */
    public CoordCacheBuilder maxConcurrentReads(int limit) {
        this.maxConcurrentReads = atLeastOne("read", limit);
        return this;
    }

    /**
     * After a reconnect the cache waits for a random part of this time before it compares itself with the servers, so that
     * not all caches of a fleet do it at once. None by default.
     */
    public CoordCacheBuilder resyncJitter(Duration longest) {
        if (longest.isNegative()) {
            throw new IllegalArgumentException("a time must not be negative: " + longest);
        }
        this.resyncJitter = longest;
        return this;
    }

    /** Makes the cache, which does nothing before {@link CoordCache#start()}. */
    public CoordCache build() {
        return new CoordCache(this);
    }
}
