package io.coord.verification.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs seeds, each one twice. By default the first two hundred; {@code -Dcoord.simulation.seed} and {@code -Dcoord.simulation.seeds}
 * choose others, so that many can be run in pieces.
 */
class SimulationTest {
    private static final int USUAL_SEEDS = 200;
    private static final int SEEDS_THAT_SAY_SOMETHING = 40;

    private record Outcome(Statistics stats, String failure) {}

    @Test
    void everySeedKeepsAllPromisesAndRunsTheSameTwice() {
        long first = Long.getLong("coord.simulation.seed", 1);
        int count = Integer.getInteger("coord.simulation.seeds", USUAL_SEEDS);
        List<Outcome> outcomes = LongStream.range(first, first + count)
                .parallel()
                .mapToObj(SimulationTest::runTwice)
                .toList();
        Statistics sum = new Statistics();
        List<String> failures = new ArrayList<>();
        for (Outcome each : outcomes) {
            sum.add(each.stats());
            if (!each.failure().isEmpty()) {
                failures.add(each.failure());
            }
        }
        System.out.println("Seeds " + first + " to " + (first + count - 1) + ": " + sum);
        assertThat(failures).isEmpty();
        if (count >= SEEDS_THAT_SAY_SOMETHING) {
            assertSomethingHappened(sum, count);
        }
    }

    private static Outcome runTwice(long seed) {
        SimulatedCluster.Result one = new SimulatedCluster(seed, Mutation.NONE).run();
        SimulatedCluster.Result two = new SimulatedCluster(seed, Mutation.NONE).run();
        String failure = "";
        Throwable broken = one.failure();
        if (broken != null) {
            failure = "seed " + seed + ": " + broken + "\n  last of what happened:\n    "
                    + String.join("\n    ", one.trace()) + "\n  again with: " + command(seed);
        } else if (one.traceHash() != two.traceHash()) {
            failure = "seed " + seed + " ran in two ways; again with: " + command(seed);
        }
        return new Outcome(one.stats(), failure);
    }

    private static String command(long seed) {
        return "mvn -pl coord-verification -am test -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dcoord.simulation.seed=" + seed + " -Dcoord.simulation.seeds=1";
    }

    private static void assertSomethingHappened(Statistics sum, int seeds) {
        assertThat(sum.operationsOk).as("operations answered").isGreaterThan(1_500L * seeds);
        assertThat(sum.commits).as("commits").isGreaterThan(700L * seeds);
        assertThat(sum.watchEvents).as("watch events").isGreaterThan(500L * seeds);
        assertThat(sum.locksGranted).as("locks granted").isGreaterThan(30L * seeds);
        assertThat(sum.readWriteGranted).as("read and write locks granted").isGreaterThan(30L * seeds);
        assertThat(sum.downgrades).as("writers that went on as readers").isGreaterThan((long) seeds);
        assertThat(sum.latchesLed).as("latches that led").isGreaterThan(8L * seeds);
        assertThat(sum.latchesLedAgain).as("latches that led again").isGreaterThan(seeds / 2);
        assertThat(sum.tasksRun).as("tasks of selectors").isGreaterThan(30L * seeds);
        assertThat(sum.tasksInterrupted).as("interrupted tasks").isGreaterThan(2L * seeds);
        assertThat(sum.permitsGranted).as("permits of semaphores").isGreaterThan(100L * seeds);
        assertThat(sum.cachesComplete).as("complete caches").isGreaterThan(4L * seeds);
        assertThat(sum.cacheChanges).as("changes of caches").isGreaterThan(50L * seeds);
        assertThat(sum.cacheBatches).as("batches of reads").isGreaterThan(5L * seeds);
        assertThat(sum.keptInPlace).as("kept znodes put in place").isGreaterThan(3L * seeds);
        assertThat(sum.keptReplaced).as("kept znodes taken over").isGreaterThan(seeds / 2);
        assertThat(sum.barriersPassed).as("barriers passed").isGreaterThan(10L * seeds);
        assertThat(sum.doubleBarriersEntered).as("double barriers entered").isGreaterThan(5L * seeds);
        assertThat(sum.doubleBarriersLeft).as("double barriers left").isGreaterThan(5L * seeds);
        assertThat(sum.itemsHandled).as("items handled").isGreaterThan(10L * seeds);
        assertThat(sum.itemsPutBack).as("items put back").isGreaterThan(seeds / 2);
        assertThat(sum.quietSnapshots).as("snapshots at quiet moments").isGreaterThan(seeds / 4);
        assertThat(sum.faultCount()).as("faults").isGreaterThan(12L * seeds);
        assertThat(sum.faults).as("kinds of fault").hasSizeGreaterThanOrEqualTo(20);
        assertThat(sum.leaderChanges).as("leader changes").isGreaterThan(3L * seeds);
        assertThat(sum.reconnects).as("reconnects").isGreaterThan(10L * seeds);
        assertThat(sum.unknownSubmissions).as("submissions of unknown fate").isGreaterThan(10L * seeds);
        assertThat(sum.operationsUnknown).as("operations of unknown outcome").isGreaterThan(20L * seeds);
        assertThat(sum.snapshotsTaken).as("snapshots").isGreaterThan(10L * seeds);
        assertThat(sum.snapshotsInstalled).as("restarts from snapshots").isGreaterThan((long) seeds);
        assertThat(sum.sessionsExpired).as("expired sessions").isGreaterThan((long) seeds);
        assertThat(sum.blockedReads)
                .as("clients not read because they are slow")
                .isGreaterThan(seeds / 2);
        assertThat(sum.slowPieces).as("replies that slow clients took").isGreaterThan(seeds / 4);
        assertThat(sum.damageDetected).as("flipped bits that were noticed").isGreaterThan(seeds / 40);
    }
}
