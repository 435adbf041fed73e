package io.coord.verification.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A check that cannot fail is none: each planted bug is noticed, by an invariant that is about it, within some seeds. */
class PlantedBugsSimulationTest {
    private static final int MOST_SEEDS = 400;

    @ParameterizedTest
    @EnumSource
    void aPlantedBugIsNoticed(PlantedBug bug) throws IOException {
        LongFunction<String> world = bug.world();
        int tried = 0;
        for (long seed = 1; tried < MOST_SEEDS; seed++) {
            if (!bug.concerns(seed)) {
                continue;
            }
            tried++;
            String broken = world.apply(seed);
            if (!broken.isEmpty()) {
                System.out.println(bug + " is noticed by " + broken + " after " + tried + " seeds");
                assertThat(bug.noticedBy()).contains(broken);
                return;
            }
        }
        throw new AssertionError(bug + " is not noticed within " + MOST_SEEDS + " seeds");
    }
}
