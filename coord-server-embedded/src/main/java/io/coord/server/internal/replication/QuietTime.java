package io.coord.server.internal.replication;

/**
 * Finds the moment for a snapshot that nobody waits for: a span of time in which little was written, measured by what a start
 * would have to replay. A server that was busy and then rests is saved soon, one that takes a write now and then as well,
 * and one under steady load never. Not thread-safe.
 */
final class QuietTime {
    /** Little is less than this part of what lies behind the last snapshot. */
    private static final int LITTLE = 10;

    private final long spanMs;
    private boolean measuring;
    private long startMs;
    private long entriesAtStart;

    /** @param spanMs 0 for never */
    QuietTime(long spanMs) {
        this.spanMs = spanMs;
    }

    /**
     * Whether a span ends now in which little was written.
     *
     * @param entries so far, ascending
     * @param entriesBehind those of them that no snapshot has
     */
    boolean isOver(long nowMs, long entries, long entriesBehind) {
        if (spanMs == 0) {
            return false;
        }
        if (measuring && nowMs - startMs < spanMs) {
            return false;
        }
        boolean quiet = measuring && (entries - entriesAtStart) * LITTLE < entriesBehind;
        measuring = true;
        startMs = nowMs;
        entriesAtStart = entries;
        return quiet;
    }
}
