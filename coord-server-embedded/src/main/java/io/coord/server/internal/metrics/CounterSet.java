package io.coord.server.internal.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counters that differ by a key. Keys are what clients make up, so those beyond a limit share one counter. */
public final class CounterSet {
    private static final int MOST_KEYS = 200;

    private final Map<String, Counter> counters = new TreeMap<>();

    public void increment(String key) {
        String counted = counters.containsKey(key) || counters.size() < MOST_KEYS ? key : NamespaceSummaries.OTHERS;
        counters.computeIfAbsent(counted, made -> new Counter()).increment();
    }

    void reset() {
        counters.values().forEach(Counter::reset);
    }

    void collect(String name, List<MetricsSnapshot.CounterValue> into) {
        counters.forEach(
                (key, each) -> into.add(new MetricsSnapshot.CounterValue(name, key, each.total(), each.sinceReset())));
    }
}
