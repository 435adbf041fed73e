package io.coord.verification.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.server.CoordUnderTest;
import io.coord.verification.server.InProcessServer;
import io.coord.verification.server.ZooKeeperUnderTest;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Our server against real ZooKeeper. {@code -Dcoord.differential.ops} says how many steps, {@code
 * -Dcoord.differential.seed} which; without a seed each build tries new ones.
 */
class CoordDifferentialCompatTest {
    private static final int NEVER_MS = 3_600_000;
    private static final int STEPS = Integer.getInteger("coord.differential.ops", 5000);
    private static final long SEED =
            Long.getLong("coord.differential.seed", ThreadLocalRandom.current().nextInt(1_000_000_000));

    @Test
    void tellsWhatZooKeeperTells() {
        try (InProcessServer zooKeeper = ZooKeeperUnderTest.start(NEVER_MS);
                InProcessServer coord = CoordUnderTest.inMemory(NEVER_MS)) {
            assertThat(new Comparison(zooKeeper, coord).firstDifference(SEED, STEPS))
                    .isEmpty();
        }
    }
}
