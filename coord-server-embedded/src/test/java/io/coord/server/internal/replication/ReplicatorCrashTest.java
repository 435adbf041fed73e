package io.coord.server.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.log.SimulatedDirectory.Fault;
import io.coord.server.internal.log.SimulatedDirectory.Loss;
import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between a submission and its state after a restart, with snapshots and retention under way, on a disk that stops,
 * fails and fills up. {@code -Dcoord.crash.seeds} says how many random histories there are, {@code -Dcoord.crash.seed} which is
 * the first.
 */
class ReplicatorCrashTest {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicatorCrashTest.class);
    private static final int SEEDS = Integer.getInteger("coord.crash.seeds", 20);
    private static final long FIRST_SEED = Long.getLong("coord.crash.seed", 1);
    private static final int SHORT = 60;
    private static final int LIVES = 20;
    private static final int FAILING_SEEDS = 8;

    @ParameterizedTest
    @EnumSource(Loss.class)
    void bringsBackExactlyWhatWasAcknowledgedWhereverTheMachineStops(Loss loss) {
        boolean crashed = true;
        int at = 0;
        int snapshots = 0;
        int stops = 0;
        while (crashed) {
            at++;
            Lives lives = new Lives(1, SHORT, UnaryOperator.identity());
            crashed = lives.live(Faults.crashAt(at), SHORT, loss);
            int second = 1;
            while (lives.live(Faults.crashAt(second), 0, loss)) {
                second++;
                stops++;
            }
            lives.check();
            snapshots = Math.max(snapshots, lives.snapshots());
        }
        LOG.info("{}: {} places, {} more during recovery", loss, at - 1, stops);
        assertThat(at).as("operations on the disk").isGreaterThan(SHORT);
        assertThat(stops).isGreaterThan(at);
        assertThat(snapshots).isGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource({
        "WRITE, FAILED",
        "SYNC, FAILED",
        "SYNC, FAILED_AND_FORGOTTEN",
        "CREATE, FAILED",
        "RENAME, FAILED",
        "DELETE, FAILED",
        "SYNC_DIRECTORY, FAILED",
        "WRITE, FULL",
        "CREATE, FULL",
        "RENAME, FULL"
    })
    void bringsBackExactlyWhatWasAcknowledgedWhicheverOperationFails(Operation kind, Outcome outcome) {
        int places = 0;
        int failedLogs = 0;
        int refused = 0;
        for (long seed = 1; seed <= FAILING_SEEDS; seed++) {
            boolean met = true;
            for (int nth = 1; met; nth++) {
                Lives lives = new Lives(seed, SHORT * 2, UnaryOperator.identity());
                // What a torn tail makes a start do is among the operations: a batch whose sync failed, and the power
                // gone.
                lives.live(Faults.nth(Operation.SYNC, (int) (10 + seed), 1, Outcome.FAILED), SHORT, Loss.RANDOM);
                int failedBefore = lives.failedLogs();
                FailOnce fault = new FailOnce(kind, nth, outcome);
                lives.live(fault, SHORT, Faults.anyLoss(lives.random()));
                met = fault.met;
                lives.check();
                places += met ? 1 : 0;
                failedLogs += lives.failedLogs() - failedBefore;
                refused += lives.refused();
            }
        }
        LOG.info(
                "{} {}: {} places, the log failed {} times, {} commands refused",
                kind,
                outcome,
                places,
                failedLogs,
                refused);
        assertThat(places).isPositive();
        if (kind == Operation.WRITE || kind == Operation.SYNC) {
            assertThat(outcome == Outcome.FULL ? refused : failedLogs).isGreaterThan(places / 3);
        }
    }

    @Test
    void bringsBackExactlyWhatWasAcknowledgedWhenAFullDiskCannotBeCutBackEither() {
        int failedLogs = 0;
        for (int from = 1; from <= 100; from++) {
            Lives lives = new Lives(from, SHORT * 2, UnaryOperator.identity());
            lives.live(Faults.fullAndStuck(from), SHORT, Faults.anyLoss(lives.random()));
            failedLogs += lives.failedLogs();
            lives.live(Lives.NONE, SHORT, Faults.anyLoss(lives.random()));
            lives.check();
        }
        assertThat(failedLogs).isGreaterThan(10);
    }

    /** Fails once, and knows whether it did. */
    private static final class FailOnce implements Fault {
        private final Operation kind;
        private final int nth;
        private final Outcome outcome;
        private int seen;
        private boolean met;

        FailOnce(Operation kind, int nth, Outcome outcome) {
            this.kind = kind;
            this.nth = nth;
            this.outcome = outcome;
        }

        @Override
        public Outcome at(int number, Operation operation, String name) {
            if (operation != kind || ++seen != nth) {
                return Outcome.DONE;
            }
            met = true;
            return outcome;
        }
    }

    @Test
    void survivesLifeAfterLifeWithAllKindsOfFaults() {
        int acknowledged = 0;
        int refused = 0;
        int snapshots = 0;
        int failedLogs = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Lives lives = new Lives(seed, LIVES * 80, UnaryOperator.identity());
            try {
                for (int life = 0; life < LIVES; life++) {
                    Loss loss = Faults.anyLoss(lives.random());
                    lives.live(Faults.any(lives.random()), 80, loss);
                }
                lives.check();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + "; -Dcoord.crash.seeds=1 -Dcoord.crash.seed=" + seed + "; operations:\n"
                                + lives.lastOperations(),
                        e);
            }
            acknowledged += lives.acknowledged();
            refused += lives.refused();
            snapshots += lives.snapshots();
            failedLogs += lives.failedLogs();
        }
        LOG.info(
                "{} histories of {} lives from seed {} on: {} commands acknowledged, {} refused, {} snapshots begun, {} logs "
                        + "failed, nothing lost, nothing invented",
                SEEDS,
                LIVES,
                FIRST_SEED,
                acknowledged,
                refused,
                snapshots,
                failedLogs);
        assertThat(acknowledged).isGreaterThan(SEEDS * 100);
    }
}
