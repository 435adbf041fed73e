package io.coord.server.internal.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All counters and summaries by name, in the order in which they were made. */
final class MetricRegister {
    private final Map<String, Counter> counters = new LinkedHashMap<>();
    private final Map<String, CounterSet> counterSets = new LinkedHashMap<>();
    private final Map<String, Summary> summaries = new LinkedHashMap<>();
    private final Map<String, NamespaceSummaries> summarySets = new LinkedHashMap<>();

    Counter counter(String name) {
        return add(counters, name, new Counter());
    }

    CounterSet counterSet(String name) {
        return add(counterSets, name, new CounterSet());
    }

    Summary summary(String name, DetailLevel level) {
        return add(summaries, name, new Summary(level));
    }

    NamespaceSummaries namespaces(String name) {
        return add(summarySets, name, new NamespaceSummaries(DetailLevel.BASIC));
    }

    private static <T> T add(Map<String, T> known, String name, T metric) {
        if (known.putIfAbsent(name, metric) != null) {
            throw new IllegalArgumentException("two metrics of one name: " + name);
        }
        return metric;
    }

    void turn() {
        summaries.values().forEach(Summary::turn);
        summarySets.values().forEach(NamespaceSummaries::turn);
    }

    void reset() {
        counters.values().forEach(Counter::reset);
        counterSets.values().forEach(CounterSet::reset);
        summaries.values().forEach(Summary::reset);
        summarySets.values().forEach(NamespaceSummaries::reset);
    }

    MetricsSnapshot snapshot(List<MetricsSnapshot.GaugeValue> gauges) {
        List<MetricsSnapshot.CounterValue> counted = new ArrayList<>(counters.size());
        counters.forEach((name, each) ->
                counted.add(new MetricsSnapshot.CounterValue(name, "", each.total(), each.sinceReset())));
        counterSets.forEach((name, each) -> each.collect(name, counted));
        List<MetricsSnapshot.SummaryValue> summed = new ArrayList<>(summaries.size());
        summaries.forEach((name, each) -> summed.add(each.valueOf(name, "")));
        summarySets.forEach((name, each) -> each.collect(name, summed));
        return new MetricsSnapshot(List.copyOf(gauges), List.copyOf(counted), List.copyOf(summed));
    }
}
