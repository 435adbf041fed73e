package io.coord.server.internal.admin;

import io.coord.server.internal.metrics.MetricsSnapshot;
import io.coord.server.internal.metrics.PrometheusText;
import io.coord.server.internal.runtime.OwnerQuestions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The metrics, for Prometheus. */
final class MetricsPage {
    private final OwnerQuestions owner;
    private final ServerInspection inspection;
    private final boolean exportJvmInfo;
    private final Executor formatting;

    /** @param formatting where the text is put together: not on the owner thread, which gives the numbers */
    MetricsPage(OwnerQuestions owner, ServerInspection inspection, boolean exportJvmInfo, Executor formatting) {
        this.owner = owner;
        this.inspection = inspection;
        this.exportJvmInfo = exportJvmInfo;
        this.formatting = formatting;
    }

    CompletableFuture<HttpPage.Answer> get(HttpPage.Query query) {
        return MetricsQuestion.ask(owner, inspection).handleAsync(this::answer, formatting);
    }

    private HttpPage.Answer answer(@Nullable MetricsSnapshot metrics, @Nullable Throwable failure) {
        if (metrics == null) {
            return new HttpPage.Answer(
                    HttpPage.Answer.UNAVAILABLE,
                    PrometheusText.CONTENT_TYPE,
                    "# the server's thread does not answer: " + failure + '\n');
        }
        PrometheusText text = new PrometheusText();
        text.add(MetricValues.withProcess(metrics));
        if (exportJvmInfo) {
            JvmMetrics.addTo(text);
        }
        return new HttpPage.Answer(HttpPage.Answer.OK, PrometheusText.CONTENT_TYPE, text.toString());
    }
}
