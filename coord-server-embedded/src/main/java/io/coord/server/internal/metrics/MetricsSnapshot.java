package io.coord.server.internal.metrics;

import java.util.List;

/** All metrics at one moment, in the order in which they are shown. Immutable, for any thread. */
public record MetricsSnapshot(List<GaugeValue> gauges, List<CounterValue> counters, List<SummaryValue> summaries) {

    /**
     * A number that goes up and down.
     *
     * @param key of the one of a set, else the empty text
     * @param value a {@link Long} or a {@link Double}; ZooKeeper's, where it has the same one, is of the same kind
     */
    public record GaugeValue(String name, String key, Number value) {
        public GaugeValue(String name, Number value) {
            this(name, "", value);
        }
    }

    /**
     * @param key of the one of a set, else the empty text
     * @param total since the start: what Prometheus wants
     * @param sinceReset what the operator, who may reset it, wants
     */
    public record CounterValue(String name, String key, long total, long sinceReset) {}

    /**
     * @param key of the one of a set, else the empty text
     * @param quantiles of the last five to ten minutes: the median alone, or 0.5, 0.9, 0.95, 0.99 and 0.999; none before the first value
     */
    public record SummaryValue(
            String name,
            String key,
            DetailLevel level,
            long count,
            long sum,
            long countSinceReset,
            long sumSinceReset,
            long min,
            long max,
            double[] quantiles) {}
}
