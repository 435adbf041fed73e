package io.coord.verification.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A check that cannot fail is none: each planted bug is noticed, by an invariant that is about it, within some seeds. Most are
 * by the first seed that has what they are in; for the others {@link PlantedBug} says by which, and that one is run first. When it
 * does not notice the bug any more, all are tried; {@code -Dcoord.simulation.search=true} tries all from the start.
 */
class PlantedBugsSimulationTest {
    private static final int MOST_SEEDS = 400;
    private static final boolean SEARCH = Boolean.getBoolean("coord.simulation.search");

    @ParameterizedTest
    @EnumSource
    void aPlantedBugIsNoticed(PlantedBug bug) throws IOException {
        LongFunction<String> world = bug.world();
        String broken = SEARCH ? "" : world.apply(bug.knownSeed());
        if (!broken.isEmpty()) {
            System.out.println(bug + " is noticed by " + broken + " at seed " + bug.knownSeed());
        } else {
            broken = search(bug, world);
        }
        assertThat(bug.noticedBy()).contains(broken);
    }

    private static String search(PlantedBug bug, LongFunction<String> world) {
        int tried = 0;
        for (long seed : seedsOf(bug).toArray()) {
            tried++;
            String broken = world.apply(seed);
            if (!broken.isEmpty()) {
                System.out.println(
                        bug + " is noticed by " + broken + " after " + tried + " seeds, the last of them " + seed);
                return broken;
            }
        }
        throw new AssertionError(bug + " is not noticed within " + MOST_SEEDS + " seeds");
    }

    /** Those in which a run comes to where the bug is. */
    private static LongStream seedsOf(PlantedBug bug) {
        return LongStream.iterate(1, seed -> seed + 1).filter(bug::concerns).limit(MOST_SEEDS);
    }
}
