package io.coord.verification.simulation;

/** Recipes that not every seed has, so that a run stays short: each is in every fourth group of four seeds. */
enum SeededRecipe {
    CACHE,
    KEPT_ZNODE,
    BARRIER,
    WORK_QUEUE;

    private static final int SEEDS_IN_A_GROUP = 4;

    /** Each recipe meets all sizes of clusters, since seeds that are divisible by four are those with one server. */
    static SeededRecipe of(long seed) {
        return values()[(int) (seed / SEEDS_IN_A_GROUP % values().length)];
    }
}
