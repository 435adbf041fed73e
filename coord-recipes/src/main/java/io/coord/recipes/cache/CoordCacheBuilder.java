package io.coord.recipes.cache;

import io.coord.client.CoordClient;
import io.coord.protocol.data.ZnodePath;
import java.time.Duration;

/** Settings of a {@link CoordCache}. Not thread-safe. */
public final class CoordCacheBuilder {
    final CoordClient client;
    final String path;
    boolean recursive = true;
    int maxConcurrentReads = 32;
    Duration resyncJitter = Duration.ZERO;

    CoordCacheBuilder(CoordClient client, String path) {
        this.client = client;
        this.path = ZnodePath.validate(path);
    }

    /** Follows the node alone; otherwise it and all that is below it. */
    public CoordCacheBuilder singleNode() {
        this.recursive = false;
        return this;
    }

    /** How many reads the cache has under way at most. 32 by default. */
    public CoordCacheBuilder maxConcurrentReads(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("at least one read must be allowed, not " + limit);
        }
        this.maxConcurrentReads = limit;
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
