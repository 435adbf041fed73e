package io.coord.recipes.cache;

import java.util.List;

/** What {@link CacheCore} can have done for it. Answers are given on the core's queue, with the epoch that the request carried. */
interface CachePort {
    /**
     * Makes all these reads with one request, in this order; one that asks for a stat comes alone. Answer: for each read
     * {@code dataRead}, {@code statRead}, {@code childrenRead}, {@code missing} or {@code readFailed}, then
     * {@code requestDone}; or {@code tooLong}; or {@code batchesUnsupported}.
     */
    void read(List<CacheRead> reads, long epoch);

    /** Calls {@code retry} with the epoch after a while. */
    void retryLater(long epoch);

    void onCreated(CachedNode node);

    void onChanged(CachedNode before, CachedNode after);

    void onDeleted(CachedNode node);

    /** The first complete picture is there. */
    void onInitialized();

    /** After an absence the picture is complete again. */
    void onResynced();

    /** Nodes are left out from now on, because the cache holds as many as it may. */
    void onLimitReached();
}
