package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.server.internal.log.SimulatedDirectory.Loss;
import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stops the machine at each single operation on the disk. */
class LogCrashTest {
    private static final int STEPS = 20;
    private static final int MANY_SEEDS = 20;
    private static final int FULL_DISKS = 25;

    @ParameterizedTest
    @EnumSource(Loss.class)
    void keepsEverythingAcknowledgedWhereverTheMachineStops(Loss loss) throws IOException {
        crashEverywhere(0, loss);
    }

    @Tag("soak")
    @ParameterizedTest
    @EnumSource(Loss.class)
    void keepsEverythingAcknowledgedWithManySeeds(Loss loss) throws IOException {
        for (int seed = 1; seed <= MANY_SEEDS; seed++) {
            crashEverywhere(seed, loss);
        }
    }

    private static void crashEverywhere(int seed, Loss loss) throws IOException {
        int at = 1;
        boolean reached = true;
        while (reached) {
            reached = crashOnce(seed, at, loss);
            at++;
        }
        assertThat(at).as("operations of seed %d", seed).isGreaterThan(STEPS * 2);
    }

    /** Crashes at an operation, and again at each operation of the recovery that follows. */
    private static boolean crashOnce(int seed, int at, Loss loss) throws IOException {
        SimulatedDirectory directory = new SimulatedDirectory();
        directory.setFault(crashAt(at));
        LogUser before = LogUser.nothing();
        try {
            before = LogUser.start(directory, LogUser.CONFIG);
            before.work(new Random(seed), STEPS);
        } catch (SimulatedCrash expected) {
            assertThat(directory.isCrashed()).isTrue();
        }
        if (!directory.isCrashed()) {
            before.close();
            return false;
        }
        before.close();
        Random random = new Random(seed * 10_000L + at);
        SimulatedDirectory left = directory.afterCrash(loss, random);
        int second = 1;
        SimulatedDirectory again = left;
        while (crashesInRecovery(again, second, before)) {
            again = again.afterCrash(loss, random);
            second++;
        }
        return true;
    }

    private static boolean crashesInRecovery(SimulatedDirectory directory, int at, LogUser before) throws IOException {
        directory.setFault(crashAt(at));
        LogUser after;
        try {
            after = LogUser.start(directory, LogUser.CONFIG);
        } catch (SimulatedCrash expected) {
            return true;
        }
        directory.setFault((number, operation, name) -> Outcome.DONE);
        check(before.acknowledged(), after.written(), before.written());
        after.numberFrom(10_000);
        after.work(new Random(at), 5);
        after.close();
        // What was read once, and what came behind it, has to be there after a loss of power as well.
        assertThat(LogUser.found(directory.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(0))))
                .isEqualTo(after.acknowledged());
        return false;
    }

    private static void check(List<Long> acknowledged, List<Long> found, List<Long> written) {
        assertThat(found.size()).isBetween(acknowledged.size(), written.size());
        assertThat(found).isEqualTo(written.subList(0, found.size()));
    }

    private static SimulatedDirectory.Fault crashAt(int at) {
        return (number, operation, name) -> number == at ? Outcome.CRASH : Outcome.DONE;
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITE", "SYNC", "RENAME", "SYNC_DIRECTORY", "CREATE", "DELETE"})
    void acknowledgesNothingBehindAnInputOutputError(Operation failing) throws IOException {
        boolean reached = true;
        for (int nth = 1; reached; nth++) {
            SimulatedDirectory directory = new SimulatedDirectory();
            LogUser user = LogUser.start(directory, LogUser.CONFIG);
            int[] seen = {0};
            int fatal = nth;
            directory.setFault((number, operation, name) ->
                    operation == failing && ++seen[0] == fatal ? Outcome.FAILED : Outcome.DONE);
            try {
                user.work(new Random(7), STEPS);
            } catch (IOException expected) {
                assertThat(expected).hasMessage("simulated I/O error");
            }
            reached = seen[0] >= nth;
            user.close();
            for (Loss loss : Loss.values()) {
                SimulatedDirectory left = directory.afterCrash(loss, new Random(nth));
                List<Long> found = LogUser.found(left);
                check(user.acknowledged(), found, user.written());
                // After a failed sync the system holds what the disk does not: it has to be written once more.
                assertThat(LogUser.found(left.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(nth))))
                        .isEqualTo(found);
            }
        }
    }

    /** The system takes the mark for written. What comes behind it cannot be read without it. */
    @Test
    void writesTheConfirmingRecordAgainWhoseSyncHadFailed() throws IOException {
        SimulatedDirectory directory = new SimulatedDirectory();
        try (LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            user.batch(2, new Random(1));
            directory.setFault(
                    (number, operation, name) -> operation == Operation.SYNC ? Outcome.FAILED : Outcome.DONE);
            assertThatThrownBy(() -> user.log().confirm()).hasMessage("simulated I/O error");
        }
        SimulatedDirectory next = directory.afterCrash(Loss.NOTHING, new Random(1));
        try (LogUser user = LogUser.start(next, LogUser.CONFIG)) {
            user.batch(2, new Random(2));
        }
        assertThat(LogUser.found(next.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(1))))
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITE", "CREATE"})
    void refusesAWholeBatchWhileTheDiskIsFullAndGoesOnAfterwards(Operation full) throws IOException {
        for (int nth = 1; nth < FULL_DISKS; nth++) {
            SimulatedDirectory directory = new SimulatedDirectory();
            LogUser user = LogUser.start(directory, LogUser.CONFIG.withZeroFill(false));
            int first = nth;
            int[] seen = {0};
            directory.setFault((number, operation, name) ->
                    operation == full && ++seen[0] >= first && seen[0] < first + 3 ? Outcome.FULL : Outcome.DONE);
            Random random = new Random(nth);
            List<Long> acknowledged = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                acknowledged.addAll(tryBatch(user, random, nth * 1000L + i * 10));
            }
            user.close();
            assertThat(acknowledged).hasSizeGreaterThan(30);
            for (Loss loss : Loss.values()) {
                assertThat(LogUser.found(directory.afterCrash(loss, new Random(nth))))
                        .isEqualTo(acknowledged);
            }
        }
    }

    /** The power goes right behind the refusal, when half of the refused batch had been in the file. */
    @Test
    void bringsNothingBackOfABatchThatWasRefused() throws IOException {
        for (int entries = 1; entries < 6; entries++) {
            SimulatedDirectory directory = new SimulatedDirectory();
            try (LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
                user.batch(2, new Random(1));
                directory.setFault(
                        (number, operation, name) -> operation == Operation.WRITE ? Outcome.FULL : Outcome.DONE);
                int refused = entries;
                assertThatThrownBy(() -> user.batch(refused, new Random(1))).isInstanceOf(DiskFullException.class);
                assertThat(user.log().lastIndex()).isEqualTo(2);
            }
            for (Loss loss : Loss.values()) {
                assertThat(LogUser.found(directory.afterCrash(loss, new Random(1))))
                        .hasSize(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITE", "SYNC"})
    void takesNothingMoreOnceItHasFailed(Operation failing) throws IOException {
        SimulatedDirectory directory = new SimulatedDirectory();
        try (LogUser user = LogUser.start(directory, LogUser.CONFIG)) {
            directory.setFault((number, operation, name) -> operation == failing ? Outcome.FAILED : Outcome.DONE);
            assertThatThrownBy(() -> user.batch(1, new Random(1))).hasMessage("simulated I/O error");
            directory.setFault((number, operation, name) -> Outcome.DONE);
            assertThatThrownBy(() -> user.batch(1, new Random(1))).hasMessageContaining("has failed");
            assertThatThrownBy(() -> user.log().commit()).hasMessageContaining("has failed");
            assertThatThrownBy(() -> user.log().confirm()).hasMessageContaining("has failed");
        }
    }

    private static List<Long> tryBatch(LogUser user, Random random, long number) throws IOException {
        int entries = 1 + random.nextInt(4);
        List<Long> numbers = new ArrayList<>();
        try {
            for (int i = 0; i < entries; i++) {
                user.log().beginEntry().writeLong(number + i).writeZero(random.nextInt(60));
                numbers.add(number + i);
                user.log().endEntry();
            }
            user.log().commit();
        } catch (DiskFullException refused) {
            return List.of();
        }
        if (random.nextInt(3) == 0) {
            user.log().confirm();
        }
        return numbers;
    }
}
