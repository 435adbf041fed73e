package io.coord.recipes.cache;

import org.jspecify.annotations.Nullable;

/**
 * Told how a {@link CoordCache} changes. Called on a callback thread of the client, never two calls of one registration at
 * once, in the order of the changes. When a call comes, {@link CoordCache#get} shows at least what the call tells. It must
 * not make blocking calls of the client.
 *
 * <pre>{@code
 * CacheListener listener = (type, before, after) -> {
 *     switch (type) {
 *         case NODE_CREATED, NODE_CHANGED -> use(after.path(), after.text());
 *         case NODE_DELETED -> use(before.path());
 *     }
 * };
 * }</pre>
 */
@FunctionalInterface
public interface CacheListener {
    /** The kinds of change of one node. */
    enum Type {
        NODE_CREATED,
        NODE_CHANGED,
        NODE_DELETED
    }

    /**
     * A node came, went or has other data. Changes that follow each other quickly may be told as one. A node that was
     * deleted and made again is told as both, even when that happened while the servers were out of reach.
     *
     * @param before null when it was created
     * @param after null when it was deleted
     */
    void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after);

    /** The cache holds its first complete picture; all that it contains has been told. Told once. */
    default void onInitialized() {}

    /**
     * The servers were out of reach, and the cache is complete again: all that changed meanwhile has been told. States that
     * came and went in between were not seen.
     */
    default void onResynced() {}

    /**
     * The cache holds as many nodes as it may, and leaves out others from now on: what it shows is not all that there is. Told
     * again when it was complete in between.
     */
    default void onLimitReached() {}

    /** Builds a listener out of functions. */
    static CacheListenerBuilder builder() {
        return new CacheListenerBuilder();
    }
}
