package io.coord.server.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class QuantilesTest {
    private final Quantiles quantiles = new Quantiles();

    @Test
    void nothingHasNoQuantile() {
        assertThat(quantiles.at(0.5, 0.99)).containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void smallValuesAreExact() {
        for (int i = 1; i <= 30; i++) {
            quantiles.add(i);
        }
        assertThat(quantiles.at(0.1, 0.5, 0.9, 1)).containsExactly(3, 15, 27, 30);
    }

    @Test
    void largeValuesAreWithinThreePerCent() {
        Random random = new Random(1);
        long[] values = new long[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) Math.exp(random.nextDouble() * 27);
            quantiles.add(values[i]);
        }
        Arrays.sort(values);
        double[] found = quantiles.at(0.5, 0.9, 0.99, 0.999);

        int i = 0;
        for (double part : new double[] {0.5, 0.9, 0.99, 0.999}) {
            long exact = values[(int) Math.ceil(part * values.length) - 1];
            assertThat(found[i++]).isCloseTo((double) exact, Percentage.withPercentage(3.2));
        }
    }

    @Test
    void theLargestValuesShareABucket() {
        quantiles.add(Long.MAX_VALUE);
        assertThat(quantiles.at(1)[0]).isCloseTo((double) (1L << 40), Percentage.withPercentage(3.2));
    }

    @Test
    void whatIsTwoTurnsOldIsForgotten() {
        quantiles.add(1_000);
        quantiles.turn();
        quantiles.add(1);
        assertThat(quantiles.at(1)[0]).isGreaterThan(900);
        quantiles.turn();
        assertThat(quantiles.at(1)).containsExactly(1);
        quantiles.turn();
        assertThat(quantiles.at(1)).containsExactly(Double.NaN);
    }
}
