package io.coord.verification.operations;

import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.zookeeper.metrics.Counter;
import org.apache.zookeeper.metrics.CounterSet;
import org.apache.zookeeper.metrics.Gauge;
import org.apache.zookeeper.metrics.GaugeSet;
import org.apache.zookeeper.metrics.MetricsContext;
import org.apache.zookeeper.metrics.MetricsProvider;
import org.apache.zookeeper.metrics.Summary;
import org.apache.zookeeper.metrics.SummarySet;

/** A provider of ZooKeeper's that keeps the names and kinds of what a server publishes, and the sets of gauges. */
final class RecordedMetrics implements MetricsProvider, MetricsContext {
    /** As Prometheus is told. */
    record Kind(String type, boolean keyed, boolean tail) {}

    private final Map<String, Kind> kinds = new TreeMap<>();
    private final Map<String, GaugeSet> gaugeSets = new TreeMap<>();

    Map<String, Kind> kinds() {
        return kinds;
    }

    /** What the server that runs says now. */
    Map<String, Number> valuesOf(String gaugeSet) {
        return Map.copyOf(gaugeSets.get(gaugeSet).values());
    }

    private void record(String name, String type, boolean keyed, boolean tail) {
        kinds.put(name, new Kind(type, keyed, tail));
    }

    @Override
    public MetricsContext getContext(String name) {
        return this;
    }

    @Override
    public Counter getCounter(String name) {
        record(name, "counter", false, false);
        return new Counter() {
            @Override
            public void add(long delta) {}

            @Override
            public long get() {
                return 0;
            }
        };
    }

    @Override
    public CounterSet getCounterSet(String name) {
        record(name, "counter", true, false);
        return (key, delta) -> {};
    }

    @Override
    public void registerGauge(String name, Gauge gauge) {
        record(name, "gauge", false, false);
    }

    @Override
    public void unregisterGauge(String name) {}

    @Override
    public void registerGaugeSet(String name, GaugeSet gaugeSet) {
        record(name, "gauge", true, false);
        gaugeSets.put(name, gaugeSet);
    }

    @Override
    public void unregisterGaugeSet(String name) {}

    @Override
    public Summary getSummary(String name, DetailLevel detailLevel) {
        record(name, "summary", false, detailLevel == DetailLevel.ADVANCED);
        return value -> {};
    }

    @Override
    public SummarySet getSummarySet(String name, DetailLevel detailLevel) {
        record(name, "summary", true, detailLevel == DetailLevel.ADVANCED);
        return (key, value) -> {};
    }

    @Override
    public void configure(Properties configuration) {}

    @Override
    public void start() {}

    @Override
    public MetricsContext getRootContext() {
        return this;
    }

    @Override
    public void stop() {}

    @Override
    public void dump(BiConsumer<String, Object> sink) {}

    @Override
    public void resetAllValues() {}
}
