package io.coord.server.internal.metrics;

import io.coord.server.internal.metrics.MetricsSnapshot.CounterValue;
import io.coord.server.internal.metrics.MetricsSnapshot.GaugeValue;
import io.coord.server.internal.metrics.MetricsSnapshot.SummaryValue;

/**
 * Prometheus' text format, version 0.0.4, with names, types and labels as those of ZooKeeper's own provider: counters without
 * {@code _total}, the label {@code key} for the members of a set, quantiles 0.5, or 0.5, 0.9 and 0.99. Not thread-safe.
 */
public final class PrometheusText {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String KEY = "key";
    private static final String QUANTILE = "quantile";
    private static final int MEDIAN = 0;
    private static final int P90 = 1;
    private static final int P99 = 3;

    private final StringBuilder out = new StringBuilder(1 << 15);
    private String family = "";

    public void add(MetricsSnapshot metrics) {
        for (GaugeValue each : metrics.gauges()) {
            family(each.name(), "gauge");
            labelled(each.name(), each.key(), each.value().doubleValue());
        }
        for (CounterValue each : metrics.counters()) {
            family(each.name(), "counter");
            labelled(each.name(), each.key(), (double) each.total());
        }
        metrics.summaries().forEach(this::add);
    }

    private void add(SummaryValue summary) {
        family(summary.name(), "summary");
        quantile(summary, "0.5", MEDIAN);
        if (summary.level() == DetailLevel.ADVANCED) {
            quantile(summary, "0.9", P90);
            quantile(summary, "0.99", P99);
        }
        labelled(summary.name() + "_count", summary.key(), (double) summary.count());
        labelled(summary.name() + "_sum", summary.key(), (double) summary.sum());
    }

    private void quantile(SummaryValue summary, String quantile, int index) {
        double[] values = summary.quantiles();
        double value = index < values.length ? values[index] : Double.NaN;
        if (summary.key().isEmpty()) {
            sample(summary.name(), value, QUANTILE, quantile);
        } else {
            sample(summary.name(), value, KEY, summary.key(), QUANTILE, quantile);
        }
    }

    private void labelled(String name, String key, double value) {
        if (key.isEmpty()) {
            sample(name, value);
        } else {
            sample(name, value, KEY, key);
        }
    }

    /** Begins what has one name, unless it has begun; help is the name, as in ZooKeeper. */
    public void family(String name, String type) {
        family(name, type, name);
    }

    public void family(String name, String type, String help) {
        if (!family.equals(name)) {
            family = name;
            out.append("# HELP ").append(name).append(' ').append(help).append('\n');
            out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        }
    }

    /** @param labels names and values in turn */
    public void sample(String name, double value, String... labels) {
        out.append(name);
        if (labels.length > 0) {
            char before = '{';
            for (int i = 0; i < labels.length; i += 2) {
                out.append(before).append(labels[i]).append("=\"");
                appendEscaped(labels[i + 1]);
                out.append('"');
                before = ',';
            }
            out.append('}');
        }
        out.append(' ').append(value).append('\n');
    }

    private void appendEscaped(String value) {
        for (int i = 0; i < value.length(); i++) {
            char sign = value.charAt(i);
            switch (sign) {
                case '\\' -> out.append("\\\\");
                case '"' -> out.append("\\\"");
                case '\n' -> out.append("\\n");
                default -> out.append(sign);
            }
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
