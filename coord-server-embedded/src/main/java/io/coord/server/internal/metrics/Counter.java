package io.coord.server.internal.metrics;

/** Counts up for as long as the server lives. What the operator resets is a second count beside it. */
public final class Counter {
    private long total;
    private long atReset;

    public void increment() {
        total++;
    }

    public void add(long value) {
        total += value;
    }

    /** Since the start. */
    public long total() {
        return total;
    }

    /** Since the last {@link #reset}. */
    public long sinceReset() {
        return total - atReset;
    }

    void reset() {
        atReset = total;
    }
}
