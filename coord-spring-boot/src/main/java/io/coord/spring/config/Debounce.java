package io.coord.spring.config;

/**
 * When a burst of changes is over: a while after the last of them, and after ten such whiles at the latest, so that changes without end take
 * effect, too. Knows no clock; times are in nanoseconds of one that never goes back.
 */
final class Debounce {

    private static final int MOST_WHILES = 10;

    private final long quietNanos;
    private long firstNanos;
    private long lastNanos;
    private boolean pending;

    Debounce(long quietNanos) {
        this.quietNanos = quietNanos;
    }

    void changed(long nowNanos) {
        if (!pending) {
            firstNanos = nowNanos;
        }
        lastNanos = nowNanos;
        pending = true;
    }

    boolean isPending() {
        return pending;
    }

    /** How long it is until the burst is over, when there is one; 0 or less when it is. */
    long remainingNanos(long nowNanos) {
        long quiet = lastNanos + quietNanos - nowNanos;
        long atMost = firstNanos + MOST_WHILES * quietNanos - nowNanos;
        return Math.min(quiet, atMost);
    }

    void taken() {
        pending = false;
    }
}
