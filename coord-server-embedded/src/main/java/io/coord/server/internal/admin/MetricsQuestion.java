package io.coord.server.internal.admin;

import io.coord.server.internal.metrics.MetricsSnapshot;
import io.coord.server.internal.metrics.MetricsSnapshot.GaugeValue;
import io.coord.server.internal.quota.QuotaReview;
import io.coord.server.internal.quota.QuotaReview.Figure;
import io.coord.server.internal.runtime.OwnerQuestions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks for all metrics but those of the process: at one moment, but for what quotas say, of which there may be many, so that is
 * asked for a little at a time.
 */
final class MetricsQuestion {
    /** Znodes for one turn of the owner thread: a millisecond of it. */
    private static final int SLICE = 500;

    private record Begun(MetricsSnapshot metrics, QuotaReview quotas) {}

    private MetricsQuestion() {}

    /** As {@link OwnerQuestions#ask}: completed by the owner thread. */
    static CompletableFuture<MetricsSnapshot> ask(OwnerQuestions owner, ServerInspection inspection) {
        return owner.ask(() -> new Begun(inspection.metrics(), inspection.beginQuotaReview()))
                .thenCompose(begun -> quotas(owner, begun.quotas).thenApply(gauges -> with(gauges, begun.metrics)));
    }

    private static CompletableFuture<List<GaugeValue>> quotas(OwnerQuestions owner, QuotaReview review) {
        return owner.ask(() -> review.next(SLICE))
                .thenCompose(goesOn -> goesOn ? quotas(owner, review) : owner.ask(() -> gauges(review)));
    }

    private static List<GaugeValue> gauges(QuotaReview review) {
        List<GaugeValue> gauges = new ArrayList<>();
        for (Figure each : Figure.values()) {
            review.sums(each).forEach((key, value) -> gauges.add(new GaugeValue(nameOf(each), key, value)));
        }
        return gauges;
    }

    private static String nameOf(Figure figure) {
        return switch (figure) {
            case COUNT_LIMIT -> "quota_count_limit_per_namespace";
            case BYTES_LIMIT -> "quota_bytes_limit_per_namespace";
            case COUNT_USAGE -> "quota_count_usage_per_namespace";
            case BYTES_USAGE -> "quota_bytes_usage_per_namespace";
        };
    }

    private static MetricsSnapshot with(List<GaugeValue> quotas, MetricsSnapshot metrics) {
        List<GaugeValue> gauges = new ArrayList<>(metrics.gauges());
        gauges.addAll(quotas);
        return new MetricsSnapshot(List.copyOf(gauges), metrics.counters(), metrics.summaries());
    }
}
