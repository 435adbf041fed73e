package io.coord.verification.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.server.InProcessServer;
import io.coord.verification.server.ZooKeeperUnderTest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * That random operations would show a mistake of our server: each planted one within some scripts. For most the first script
 * is enough; for the others {@link PlantedServerBug} says which one shows it, and that one is run first. When it does not show it
 * any more, all are tried; {@code -Dcoord.differential.search=true} tries all from the start.
 */
class PlantedBugsDifferentialCompatTest {
    private static final int NEVER_MS = 3_600_000;
    private static final int MOST_SCRIPTS = 80;
    private static final boolean SEARCH = Boolean.getBoolean("coord.differential.search");

    /** What ZooKeeper tells, by the script's seed. */
    private static final Map<Long, List<String>> EXPECTED = new HashMap<>();

    private static String root(long seed) {
        return "/planted-" + seed;
    }

    private static List<Step> script(long seed) {
        return Script.generate(seed, root(seed), Comparison.STEPS_OF_A_SCRIPT);
    }

    private static List<String> expected(long seed) {
        return EXPECTED.computeIfAbsent(seed, any -> {
            try (InProcessServer zooKeeper = ZooKeeperUnderTest.start(NEVER_MS)) {
                return Replay.of(script(seed), root(seed), zooKeeper);
            }
        });
    }

    /** How many operations of a script were sent until the servers told different things; 0 when they never did. */
    private static int operationsUntilADifference(PatchedServers servers, long seed) {
        List<Step> script = script(seed);
        List<String> expected = expected(seed);
        try (InProcessServer coord = servers.start(NEVER_MS)) {
            int index = Comparison.firstDifference(expected, Replay.of(script, root(seed), coord));
            return index < 0 ? 0 : operations(script.subList(0, index + 1));
        }
    }

    private static int operations(List<Step> script) {
        return script.stream()
                .mapToInt(step ->
                        step instanceof Step.Send send ? send.operations().size() : 1)
                .sum();
    }

    @ParameterizedTest
    @EnumSource
    void aPlantedBugIsNoticed(PlantedServerBug bug) throws IOException {
        PatchedServers servers = bug.servers();
        if (!SEARCH) {
            int operations = operationsUntilADifference(servers, bug.knownSeed());
            if (operations > 0) {
                System.out.println(
                        bug + " is noticed after " + operations + " operations of the script " + bug.knownSeed());
                return;
            }
        }
        assertThat(search(bug, servers)).as(bug.what()).isPositive();
    }

    private static int search(PlantedServerBug bug, PatchedServers servers) {
        int sent = 0;
        for (long seed = 1; seed <= MOST_SCRIPTS; seed++) {
            int operations = operationsUntilADifference(servers, seed);
            if (operations > 0) {
                sent += operations;
                System.out.println(bug + " is noticed after " + sent + " operations, by the script " + seed);
                return sent;
            }
            sent += operations(script(seed));
        }
        return 0;
    }

    /** Otherwise it would be the way in which servers are patched that is noticed. */
    @Test
    void aServerWithoutAPlantedBugIsNot() throws IOException {
        PatchedServers servers = PlantedServerBug.MULTI_NOT_ROLLED_BACK.serversWithoutIt();

        for (long seed = 1; seed <= 3; seed++) {
            assertThat(operationsUntilADifference(servers, seed)).isZero();
        }
    }
}
