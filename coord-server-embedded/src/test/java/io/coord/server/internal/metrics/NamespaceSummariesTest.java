package io.coord.server.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.metrics.MetricsSnapshot.SummaryValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamespaceSummariesTest {
    private final NamespaceSummaries summaries = new NamespaceSummaries(DetailLevel.BASIC);

    private List<SummaryValue> collected() {
        List<SummaryValue> values = new ArrayList<>();
        summaries.collect("x", values);
        return values;
    }

    @Test
    void pathsCountForTheirFirstName() {
        summaries.add("/a", 1);
        summaries.add("/a/b/c", 2);
        summaries.add("/ab", 4);
        summaries.add("/ab/", 8);

        assertThat(collected()).extracting(SummaryValue::key).containsExactly("a", "ab");
        assertThat(collected()).extracting(SummaryValue::sum).containsExactly(3L, 12L);
    }

    @Test
    void theRootCountsForNobody() {
        summaries.add("/", 1);
        summaries.add("", 1);
        assertThat(collected()).isEmpty();
    }

    @Test
    void namesWithOneHashAreKeptApart() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        summaries.add("/Aa/x", 1);
        summaries.add("/BB/x", 2);
        summaries.add("/Aa", 4);

        assertThat(collected()).extracting(SummaryValue::key).containsExactly("Aa", "BB");
        assertThat(collected()).extracting(SummaryValue::sum).containsExactly(5L, 2L);
    }

    @Test
    void namesBeyondTheLimitShareOneSeries() {
        for (int i = 0; i < 1_000; i++) {
            summaries.add("/n" + i + "/x", 1);
        }
        assertThat(collected()).hasSize(201);
        SummaryValue others = collected().get(200);
        assertThat(others.key()).isEqualTo("/others");
        assertThat(others.count()).isEqualTo(800);
    }
}
