package io.coord.recipes.cache;

/** What {@link CacheCore} can have done for it: reads, answered on the core's queue by a call of the core's method of the same name, with the epoch that the request carried. */
interface CachePort {
    /** Reads data and stat. Answer: {@code dataRead}, {@code missing} or {@code readFailed}. */
    void readData(String path, long epoch);

    /** Reads the stat only. Answer: {@code statRead}, {@code missing} or {@code readFailed}. */
    void readStat(String path, long epoch);

    /** Reads names of children and stat. Answer: {@code childrenRead}, {@code missing} or {@code readFailed}. */
    void readChildren(String path, long epoch);

    /** Calls {@code retry} with the epoch after a while. */
    void retryLater(long epoch);

    void onCreated(CachedNode node);

    void onChanged(CachedNode before, CachedNode after);

    void onDeleted(CachedNode node);

    /** The first complete picture is there. */
    void onInitialized();

    /** After an absence the picture is complete again. */
    void onResynced();
}
