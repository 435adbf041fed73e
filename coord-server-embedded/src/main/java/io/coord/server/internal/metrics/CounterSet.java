package io.coord.server.internal.metrics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counters that differ by a key, of which there are few. */
public final class CounterSet {
    private final Map<String, Counter> counters = new TreeMap<>();

    public void increment(String key) {
        counters.computeIfAbsent(key, made -> new Counter()).increment();
    }

    void reset() {
        counters.values().forEach(Counter::reset);
    }

    void collect(String name, List<MetricsSnapshot.CounterValue> into) {
        counters.forEach(
                (key, each) -> into.add(new MetricsSnapshot.CounterValue(name, key, each.total(), each.sinceReset())));
    }
}
