package io.coord.spring.leader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class YieldRuleTest {

    private final YieldRule rule = new YieldRule(Duration.ofSeconds(30), Duration.ofSeconds(60));

    private boolean at(long second, boolean healthy) {
        // Far from zero, and over the end of the numbers.
        return rule.read(healthy, Long.MAX_VALUE - 10 + TimeUnit.SECONDS.toNanos(second));
    }

    @Test
    void leadsUntilItWasDownForTheWholeTime() {
        assertThat(at(0, true)).isTrue();
        assertThat(at(100, false)).isTrue();
        assertThat(at(129, false)).isTrue();
        assertThat(at(130, false)).isFalse();
        assertThat(at(131, false)).isFalse();
    }

    @Test
    void leadsAgainOnlyWhenItWasUpForTheWholeTime() {
        at(0, false);
        assertThat(at(30, false)).isFalse();
        assertThat(at(31, true)).isFalse();
        assertThat(at(90, true)).isFalse();
        assertThat(at(91, true)).isTrue();
        assertThat(at(92, false)).as("the whole time again").isTrue();
    }

    @Test
    void aHealthThatChangesFasterChangesNothing() {
        for (int second = 0; second < 1000; second += 40) {
            assertThat(at(second, false)).isTrue();
            assertThat(at(second + 20, true)).isTrue();
        }
        at(2000, false);
        assertThat(at(2030, false)).isFalse();
        for (int second = 2040; second < 3000; second += 80) {
            assertThat(at(second, true)).isFalse();
            assertThat(at(second + 50, false)).isFalse();
        }
    }

    @Test
    void withoutATimeTheFirstReadingDecides() {
        YieldRule hasty = new YieldRule(Duration.ZERO, Duration.ZERO);
        assertThat(hasty.read(false, 1)).isFalse();
        assertThat(hasty.read(true, 1)).isTrue();
    }
}
