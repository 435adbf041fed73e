package io.coord.server.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
    private static List<String> lines(PrometheusText text) {
        return text.toString().lines().toList();
    }

    @Test
    void labelsAreEscaped() {
        PrometheusText text = new PrometheusText();
        text.family("a", "gauge");
        text.sample("a", 1, "key", "back\\slash \"quote\" new\nline", "other", "x");

        assertThat(lines(text))
                .containsExactly(
                        "# HELP a a",
                        "# TYPE a gauge",
                        "a{key=\"back\\\\slash \\\"quote\\\" new\\nline\",other=\"x\"} 1.0");
    }

    @Test
    void membersOfASetShareOneFamily() {
        ServerMetrics metrics = new ServerMetrics();
        metrics.quotaExceeded.increment("a");
        metrics.quotaExceeded.increment("b");
        metrics.quotaExceeded.increment("b");
        PrometheusText text = new PrometheusText();
        text.add(metrics.snapshot(List.of()));

        assertThat(lines(text))
                .containsSequence(
                        "# TYPE quota_exceeded_error_per_namespace counter",
                        "quota_exceeded_error_per_namespace{key=\"a\"} 1.0",
                        "quota_exceeded_error_per_namespace{key=\"b\"} 2.0");
    }

    @Test
    void aSummaryWithoutValuesHasNoNumbersForItsQuantiles() {
        PrometheusText text = new PrometheusText();
        text.add(new ServerMetrics().snapshot(List.of()));

        assertThat(lines(text))
                .containsSequence(
                        "# TYPE updatelatency summary",
                        "updatelatency{quantile=\"0.5\"} NaN",
                        "updatelatency{quantile=\"0.9\"} NaN",
                        "updatelatency{quantile=\"0.99\"} NaN",
                        "updatelatency_count 0.0",
                        "updatelatency_sum 0.0");
    }
}
