package io.coord.verification.bench;

import java.util.Locale;

/**
 * What a row must reach: a figure's median ratio, ours to the peer's, or a figure of ours alone.
 *
 * @param figure as it stands in the report
 * @param atLeast whether more is better
 */
record Bar(String figure, boolean atLeast, double limit) {
    static final String OPS = "ops/s";
    static final String CPU = "CPU";
    static final String ALLOCATION = "allocation";
    static final String P99 = "p99";
    static final String P999 = "p99.9";

    static Bar atLeast(String figure, double limit) {
        return new Bar(figure, true, limit);
    }

    static Bar atMost(String figure, double limit) {
        return new Bar(figure, false, limit);
    }

    /** For a cell of the report. */
    String verdict(double reached) {
        boolean met = atLeast ? reached >= limit : reached <= limit;
        return figure + (atLeast ? " ≥ " : " ≤ ") + String.format(Locale.ROOT, limit < 10 ? "%.4s" : "%.0f", limit)
                + ": " + (met ? "yes" : "**no**");
    }
}
