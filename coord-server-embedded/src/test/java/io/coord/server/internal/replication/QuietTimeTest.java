package io.coord.server.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuietTimeTest {
    private final QuietTime quiet = new QuietTime(1_000);

    @Test
    void isOverWhenASpanHasPassedInWhichLittleCame() {
        assertThat(quiet.isOver(50, 5_000, 5_000)).isFalse();
        assertThat(quiet.isOver(1_049, 5_000, 5_000)).isFalse();
        assertThat(quiet.isOver(1_050, 5_400, 5_400)).isTrue();
    }

    @Test
    void measuresLittleByWhatLiesBehindTheSnapshot() {
        quiet.isOver(0, 5_000, 5_000);
        assertThat(quiet.isOver(1_000, 6_000, 6_000)).isFalse();
        assertThat(quiet.isOver(2_000, 6_599, 6_000)).isTrue();
    }

    @Test
    void neverComesUnderSteadyLoadBeforeTenSpansOfIt() {
        for (int span = 0; span <= 10; span++) {
            assertThat(quiet.isOver(span * 1_000L, span * 100L, span * 100L)).isFalse();
        }
        assertThat(quiet.isOver(11_000, 1_100, 1_100)).isTrue();
    }

    @Test
    void isNotOverWhenNothingLiesBehindTheSnapshot() {
        quiet.isOver(0, 5_000, 0);
        assertThat(quiet.isOver(1_000, 5_000, 0)).isFalse();
    }

    @Test
    void neverComesWhenItIsSwitchedOff() {
        QuietTime never = new QuietTime(0);
        assertThat(never.isOver(0, 5_000, 5_000)).isFalse();
        assertThat(never.isOver(1_000_000, 5_000, 5_000)).isFalse();
    }
}
