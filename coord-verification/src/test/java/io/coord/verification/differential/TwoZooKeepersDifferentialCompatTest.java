package io.coord.verification.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.server.InProcessServer;
import io.coord.verification.server.ZooKeeperUnderTest;
import io.coord.verification.wire.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** That the comparison itself is right: no difference between two ZooKeepers, and one when there is one. */
class TwoZooKeepersDifferentialCompatTest {
    private static final int NEVER_MS = 3_600_000;

    private static InProcessServer one;
    private static InProcessServer two;

    @BeforeAll
    static void startBoth() {
        one = ZooKeeperUnderTest.start(NEVER_MS);
        two = ZooKeeperUnderTest.start(NEVER_MS);
    }

    @AfterAll
    static void stopBoth() {
        one.close();
        two.close();
    }

    @Test
    void findsNoDifferenceBetweenAServerAndItsLike() {
        assertThat(new Comparison(one, two).firstDifference(1, 3 * Comparison.STEPS_OF_A_SCRIPT))
                .isEmpty();
    }

    @Test
    void noticesASingleWriteThatOneServerDidNotSee() {
        String root = "/planted";
        List<Step> script = Script.generate(7, root, 100);
        List<Step> changed = new ArrayList<>(script);
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i) instanceof Step.Send send && send.operations().size() == 1) {
                changed.set(i, new Step.Send(send.session(), List.of(Operation.sync(root)), "planted"));
                break;
            }
        }
        assertThat(new Comparison(one, two).difference(7, root, script, changed))
                .hasValueSatisfying(text -> assertThat(text).contains("difference at step"));
    }
}
