package io.coord.server.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.metrics.MetricsSnapshot.CounterValue;
import io.coord.server.internal.metrics.MetricsSnapshot.SummaryValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerMetricsTest {
    private static final long WINDOW_MS = 5 * 60_000;

    private final ServerMetrics metrics = new ServerMetrics();

    private SummaryValue summary(String name) {
        return metrics.snapshot(List.of()).summaries().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private CounterValue counter(String name) {
        return metrics.snapshot(List.of()).counters().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aResetBeginsASecondCountAndLeavesTheFirst() {
        metrics.readLatency.add(10);
        metrics.watchBytes.add(5);
        metrics.reset();
        metrics.readLatency.add(2);
        metrics.watchBytes.add(1);

        SummaryValue latency = summary("readlatency");
        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.sum()).isEqualTo(12);
        assertThat(latency.countSinceReset()).isEqualTo(1);
        assertThat(latency.sumSinceReset()).isEqualTo(2);
        assertThat(latency.min()).isEqualTo(2);
        assertThat(latency.max()).isEqualTo(2);
        assertThat(counter("watch_bytes")).isEqualTo(new CounterValue("watch_bytes", "", 6, 1));
    }

    @Test
    void aClockThatWentBackMeasuresNothing() {
        metrics.propagationLatency.add(-5);
        assertThat(summary("propagation_latency").count()).isZero();
    }

    @Test
    void quantilesForgetWhatIsTenMinutesOld() {
        metrics.onTick(1_000);
        metrics.readLatency.add(20);
        metrics.onTick(1_000 + WINDOW_MS);
        metrics.readLatency.add(1);
        assertThat(summary("readlatency").quantiles()).containsExactly(1, 20, 20, 20, 20);
        metrics.onTick(1_000 + 2 * WINDOW_MS);
        assertThat(summary("readlatency").quantiles()).containsExactly(1, 1, 1, 1, 1);
        assertThat(summary("readlatency").max()).isEqualTo(20);
    }
}
