package io.coord.server.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.log.SimulatedDirectory.Loss;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checks of {@link ReplicatorCrashTest} find the mistakes that they are there for. */
class PlantedBugTest {
    private static final Logger LOG = LoggerFactory.getLogger(PlantedBugTest.class);
    private static final int MOST_HISTORIES = 200;
    private static final int LIVES = 20;

    @ParameterizedTest
    @EnumSource
    void isFound(PlantedBug bug) {
        int lived = 0;
        AssertionError found = null;
        for (long seed = 1; seed <= MOST_HISTORIES && found == null; seed++) {
            Lives lives = new Lives(seed, LIVES * 80, bug);
            try {
                for (int life = 0; life < LIVES; life++) {
                    lived++;
                    Loss loss = Faults.anyLoss(lives.random());
                    lives.live(Faults.any(lives.random()), 80, loss);
                }
                lives.check();
            } catch (AssertionError e) {
                found = e;
            }
        }
        assertThat(found).as("%s was not found in %d lives", bug, lived).isNotNull();
        LOG.info("{} found in life {}: {}", bug, lived, found.getMessage());
    }
}
