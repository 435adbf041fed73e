package io.coord.spring.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DebounceTest {

    private final Debounce debounce = new Debounce(100);

    @Test
    void aBurstIsOverAWhileAfterItsLastChange() {
        debounce.changed(1000);
        debounce.changed(1090);
        assertThat(debounce.remainingNanos(1100)).isEqualTo(90);
        assertThat(debounce.remainingNanos(1190)).isZero();
    }

    @Test
    void changesWithoutEndAreTakenAfterTenWhiles() {
        for (long now = 0; now <= 960; now += 60) {
            debounce.changed(now);
        }
        assertThat(debounce.remainingNanos(960)).isEqualTo(40);
        debounce.changed(990);
        assertThat(debounce.remainingNanos(1000)).isZero();
    }

    @Test
    void theNextBurstBeginsAnew() {
        debounce.changed(0);
        assertThat(debounce.isPending()).isTrue();
        debounce.taken();
        assertThat(debounce.isPending()).isFalse();
        debounce.changed(5000);
        assertThat(debounce.remainingNanos(5000)).isEqualTo(100);
    }

    @Test
    void aClockMayPassItsLargestNumber() {
        long late = Long.MAX_VALUE - 10;
        debounce.changed(late);
        assertThat(debounce.remainingNanos(late + 60)).isEqualTo(40);
    }
}
