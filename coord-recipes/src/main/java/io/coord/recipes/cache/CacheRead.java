package io.coord.recipes.cache;

/** One read that a cache needs. */
record CacheRead(Kind kind, String path) {
    /** What is read. */
    enum Kind {
        /** Data and stat. */
        DATA,
        /** The stat only: of a node whose data are known and long. */
        STAT,
        /** The names of the children. */
        CHILDREN
    }
}
