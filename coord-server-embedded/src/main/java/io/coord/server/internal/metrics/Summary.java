package io.coord.server.internal.metrics;

/**
 * Count, sum, extremes and quantiles of a number that is measured again and again. Negative values, which a clock that was set
 * back can cause, are left out.
 */
public final class Summary {
    private static final double[] NO_PARTS = {};
    private static final double[] MEDIAN = {0.5};
    private static final double[] TAIL = {0.5, 0.9, 0.95, 0.99, 0.999};

    private final DetailLevel level;
    private final Quantiles quantiles = new Quantiles();
    private long count;
    private long sum;
    private long countAtReset;
    private long sumAtReset;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    Summary(DetailLevel level) {
        this.level = level;
    }

    public void add(long value) {
        if (value < 0) {
            return;
        }
        count++;
        sum += value;
        if (value < min) {
            min = value;
        }
        if (value > max) {
            max = value;
        }
        quantiles.add(value);
    }

    void turn() {
        if (count > 0) {
            quantiles.turn();
        }
    }

    void reset() {
        countAtReset = count;
        sumAtReset = sum;
        min = Long.MAX_VALUE;
        max = Long.MIN_VALUE;
    }

    /** @param key of the one of a set, else the empty text */
    public MetricsSnapshot.SummaryValue valueOf(String name, String key) {
        double[] parts = count == 0 ? NO_PARTS : level == DetailLevel.BASIC ? MEDIAN : TAIL;
        boolean empty = count == countAtReset;
        return new MetricsSnapshot.SummaryValue(
                name,
                key,
                level,
                count,
                sum,
                count - countAtReset,
                sum - sumAtReset,
                empty ? 0 : min,
                empty ? 0 : max,
                quantiles.at(parts));
    }
}
