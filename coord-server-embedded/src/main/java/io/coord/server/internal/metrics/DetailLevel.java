package io.coord.server.internal.metrics;

/** Which quantiles of a summary are shown; ZooKeeper's two levels. */
public enum DetailLevel {
    /** The median, and that only where each series costs something. */
    BASIC,
    /** The tail as well. */
    ADVANCED
}
