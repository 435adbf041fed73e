package io.coord.server.internal.admin;

import io.coord.server.internal.metrics.DetailLevel;
import io.coord.server.internal.metrics.MetricsSnapshot;
import io.coord.server.internal.metrics.MetricsSnapshot.CounterValue;
import io.coord.server.internal.metrics.MetricsSnapshot.GaugeValue;
import io.coord.server.internal.metrics.MetricsSnapshot.SummaryValue;
import io.coord.server.internal.runtime.ServerVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Metrics as {@code mntr} and the command {@code monitor} show them: one number to a name, since the last reset. */
final class MetricValues {
    private static final int MEDIAN = 0;
    private static final int P95 = 2;
    private static final int P99 = 3;
    private static final int P999 = 4;

    private MetricValues() {}

    /** Adds what the process tells of itself. */
    static MetricsSnapshot withProcess(MetricsSnapshot metrics) {
        List<GaugeValue> gauges = new ArrayList<>(metrics.gauges());
        gauges.add(new GaugeValue("open_file_descriptor_count", ProcessEnvironment.openFiles()));
        gauges.add(new GaugeValue("max_file_descriptor_count", ProcessEnvironment.mostOpenFiles()));
        return new MetricsSnapshot(List.copyOf(gauges), metrics.counters(), metrics.summaries());
    }

    static Map<String, Object> of(String serverState, MetricsSnapshot metrics) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("version", ServerVersion.FULL);
        values.put("server_state", serverState);
        @Nullable String peerState = peerState(serverState);
        if (peerState != null) {
            values.put("peer_state", peerState);
        }
        metrics.gauges().forEach(each -> values.put(nameOf(each.key(), each.name()), each.value()));
        for (CounterValue each : metrics.counters()) {
            values.put(nameOf(each.key(), each.name()), each.sinceReset());
        }
        for (DetailLevel level : DetailLevel.values()) {
            metrics.summaries().stream().filter(each -> each.level() == level).forEach(each -> add(each, values));
        }
        return values;
    }

    /** Of those who serve; null where there are no peers. */
    private static @Nullable String peerState(String serverState) {
        return switch (serverState) {
            case "leader" -> "leading - broadcast";
            case "follower" -> "following - broadcast";
            case "observer" -> "observing - broadcast";
            default -> null;
        };
    }

    private static void add(SummaryValue summary, Map<String, Object> values) {
        String name = nameOf(summary.key(), summary.name());
        values.put("avg_" + name, ServerInspection.average(summary));
        values.put("min_" + name, summary.min());
        values.put("max_" + name, summary.max());
        values.put("cnt_" + name, summary.countSinceReset());
        values.put("sum_" + name, summary.sumSinceReset());
        if (summary.level() == DetailLevel.ADVANCED) {
            values.put("p50_" + name, quantile(summary, MEDIAN));
            values.put("p95_" + name, quantile(summary, P95));
            values.put("p99_" + name, quantile(summary, P99));
            values.put("p999_" + name, quantile(summary, P999));
        }
    }

    private static long quantile(SummaryValue summary, int index) {
        return index < summary.quantiles().length ? Math.round(summary.quantiles()[index]) : 0;
    }

    private static String nameOf(String key, String name) {
        return key.isEmpty() ? name : key + '_' + name;
    }
}
