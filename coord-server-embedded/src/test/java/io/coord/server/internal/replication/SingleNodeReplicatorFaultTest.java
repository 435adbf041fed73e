package io.coord.server.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.server.internal.log.DirectoryLockedException;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.SimulatedDirectory;
import io.coord.server.internal.log.SimulatedDirectory.Loss;
import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With real threads, on a directory that fails and crashes. */
class SingleNodeReplicatorFaultTest {
    private static final LogConfig CONFIG = LogConfig.DEFAULT
            .withSegmentBytes(500, 4_000)
            .withSnapshotEvery(30, 1 << 30)
            .withConfirmAfterIdleMs(0);
    private static final int COMMANDS = 150;

    private final OwnerQueue owner = new OwnerQueue();

    private SingleNodeReplicator start(SimulatedDirectory directory, RecordingState state) {
        SingleNodeReplicator replicator = new SingleNodeReplicator(owner, () -> directory, CONFIG);
        replicator.start(state);
        owner.runUntil(() -> state.ready || state.failure != null);
        return replicator;
    }

    private void close(Replicator replicator) {
        boolean[] closed = {false};
        replicator.close(failure -> closed[0] = true);
        owner.runUntil(() -> closed[0]);
    }

    private RecordingState recover(SimulatedDirectory directory) {
        RecordingState state = new RecordingState();
        close(start(directory, state));
        assertThat(state.failure).isNull();
        return state;
    }

    /** Submits in bursts until all is settled or the replicator fails; returns what was submitted. */
    private List<Command> submitAll(Replicator replicator, RecordingState state, Random random) {
        List<Command> submitted = new ArrayList<>();
        while (submitted.size() < COMMANDS && !state.hasFailed()) {
            int burst = 1 + random.nextInt(6);
            for (int i = 0; i < burst; i++) {
                long ticket = submitted.size() + 1L;
                Command command = ReplicatorContract.command(ticket);
                submitted.add(command);
                replicator.submit(command, ticket);
            }
            int outstanding = random.nextInt(4);
            owner.runUntil(() -> state.hasFailed() || state.settled() >= submitted.size() - outstanding);
        }
        owner.runUntil(() -> state.hasFailed() || state.settled() == submitted.size());
        return submitted;
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void losesNothingAcknowledgedWhereverTheMachineStops(Loss loss) {
        boolean crashed = true;
        for (int at = 1; crashed; at++) {
            SimulatedDirectory directory = new SimulatedDirectory();
            int fatal = at;
            directory.setFault((number, operation, name) -> number == fatal ? Outcome.CRASH : Outcome.DONE);
            RecordingState state = new RecordingState();
            SingleNodeReplicator replicator = start(directory, state);
            List<Command> submitted = state.ready ? submitAll(replicator, state, new Random(at)) : List.of();
            close(replicator);
            crashed = directory.isCrashed();
            List<Command> found = recover(directory.afterCrash(loss, new Random(at))).applied;
            assertThat(found.size()).isBetween(state.committed.size(), submitted.size());
            assertThat(found).isEqualTo(submitted.subList(0, found.size()));
            assertThat(state.applied).isEqualTo(submitted.subList(0, state.committed.size()));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"WRITE", "SYNC"})
    void acknowledgesNothingBehindAFailure(Operation failing) {
        SimulatedDirectory directory = new SimulatedDirectory();
        RecordingState state = new RecordingState();
        SingleNodeReplicator replicator = start(directory, state);
        replicator.submit(ReplicatorContract.command(1), 1);
        owner.runUntil(() -> state.committed.size() == 1);
        directory.setFault((number, operation, name) -> operation == failing ? Outcome.FAILED : Outcome.DONE);
        replicator.submit(ReplicatorContract.command(2), 2);
        owner.runUntil(() -> state.logFailure != null);
        directory.setFault((number, operation, name) -> Outcome.DONE);
        assertThat(state.logFailure).hasMessage("simulated I/O error");
        // The confirmation of the first command may have met the fault before the second one was written.
        assertThat(state.unknown.size() + state.refused.size()).isEqualTo(1);
        assertThat(state.committed).containsExactly(1L);
        replicator.submit(ReplicatorContract.command(3), 3);
        replicator.submit(ReplicatorContract.command(4), 4);
        assertThat(state.refused).doesNotContainKeys(3L, 4L);
        owner.runArrived();
        assertThat(state.refused).containsEntry(3L, "the log has failed").containsEntry(4L, "the log has failed");
        assertThat(state.sinceBatchEnd).isZero();
        assertThat(state.failure).isNull();
        close(replicator);
        RecordingState found = recover(directory.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(1)));
        assertThat(found.applied).containsExactly(ReplicatorContract.command(1));
    }

    /** Whoever took it over now would find acknowledged writes, and serve clients of both servers. */
    @Test
    void keepsTheDirectoryLockedForAsLongAsItServesReads() {
        SimulatedDirectory directory = new SimulatedDirectory();
        RecordingState state = new RecordingState();
        SingleNodeReplicator replicator = start(directory, state);
        directory.setFault((number, operation, name) -> operation == Operation.SYNC ? Outcome.FAILED : Outcome.DONE);
        replicator.submit(ReplicatorContract.command(1), 1);
        owner.runUntil(() -> state.logFailure != null);
        directory.setFault((number, operation, name) -> Outcome.DONE);
        RecordingState second = new RecordingState();
        close(start(directory, second));
        assertThat(second.failure).isInstanceOf(DirectoryLockedException.class);
        close(replicator);
        assertThat(recover(directory).applied).containsExactly(ReplicatorContract.command(1));
    }

    @Test
    void refusesWritesWhileTheDiskIsFullAndTakesThemAgain() {
        SimulatedDirectory directory = new SimulatedDirectory();
        RecordingState state = new RecordingState();
        SingleNodeReplicator replicator = start(directory, state);
        replicator.submit(ReplicatorContract.command(1), 1);
        owner.runUntil(() -> state.committed.size() == 1);
        directory.setFault((number, operation, name) ->
                operation == Operation.WRITE || operation == Operation.CREATE ? Outcome.FULL : Outcome.DONE);
        replicator.submit(ReplicatorContract.command(2), 2);
        replicator.submit(ReplicatorContract.command(3), 3);
        owner.runUntil(() -> state.settled() == 3);
        assertThat(state.refused).containsOnlyKeys(2L, 3L).containsValue("the server's disk is full");
        directory.setFault((number, operation, name) -> Outcome.DONE);
        replicator.submit(ReplicatorContract.command(4), 4);
        owner.runUntil(() -> state.settled() == 4);
        close(replicator);
        assertThat(state.failure).isNull();
        RecordingState found = recover(directory.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(1)));
        assertThat(found.applied).containsExactly(ReplicatorContract.command(1), ReplicatorContract.command(4));
    }

    @Test
    void deliversTheRestOfADurableBatchBeforeTheFailureOfTheNext() {
        SimulatedDirectory directory = new SimulatedDirectory();
        RecordingState state = new RecordingState();
        SingleNodeReplicator replicator = start(directory, state);
        int commands = 2_000;
        for (long ticket = 1; ticket <= commands; ticket++) {
            replicator.submit(ReplicatorContract.command(ticket), ticket);
        }
        owner.runUntil(() -> !state.committed.isEmpty());
        assertThat(state.committed).hasSizeLessThan(commands);
        directory.setFault((number, operation, name) -> operation == Operation.SYNC ? Outcome.FAILED : Outcome.DONE);
        replicator.submit(ReplicatorContract.command(commands + 1), commands + 1);
        owner.runUntil(() -> state.logFailure != null);
        close(replicator);
        assertThat(state.committed).hasSize(commands);
        assertThat(state.unknown.size() + state.refused.size()).isEqualTo(1);
    }

    /** The confirmation of an idle server would otherwise cut and sync the file for as long as the disk is full. */
    @Test
    void waitsLongerAndLongerToConfirmOnAFullDisk() {
        SimulatedDirectory directory = new SimulatedDirectory();
        RecordingState state = new RecordingState();
        List<Long> attempts = Collections.synchronizedList(new ArrayList<>());
        LogConfig config = CONFIG.withConfirmAfterIdleMs(2).withSnapshotEvery(1_000, 1 << 30);
        SingleNodeReplicator replicator = new SingleNodeReplicator(owner, () -> directory, config);
        replicator.start(state);
        owner.runUntil(() -> state.ready);
        boolean[] full = {false};
        directory.setFault((number, operation, name) -> {
            if (operation == Operation.WRITE && !name.contains("next")) {
                boolean refuses = full[0];
                full[0] = true;
                if (refuses) {
                    attempts.add(System.nanoTime());
                    return Outcome.FULL;
                }
            }
            return Outcome.DONE;
        });
        replicator.submit(ReplicatorContract.command(1), 1);
        owner.runUntil(() -> state.settled() == 1);
        await().atMost(Duration.ofSeconds(30)).until(() -> attempts.size() >= 6);
        for (int i = 1; i < 6; i++) {
            assertThat(attempts.get(i) - attempts.get(i - 1))
                    .as("wait %d", i)
                    .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(1L << i));
        }
        directory.setFault((number, operation, name) -> Outcome.DONE);
        close(replicator);
        assertThat(recover(directory.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(1))).applied)
                .containsExactly(ReplicatorContract.command(1));
    }

    @Test
    void goesOnWithoutASnapshotThatCannotBeWritten() {
        SimulatedDirectory directory = new SimulatedDirectory();
        RecordingState state = new RecordingState();
        directory.setFault((number, operation, name) ->
                name.startsWith("snapshot-") && operation == Operation.SYNC ? Outcome.FAILED : Outcome.DONE);
        SingleNodeReplicator replicator = start(directory, state);
        List<Command> submitted = submitAll(replicator, state, new Random(1));
        // A second attempt needs more commands once the first has failed.
        while (state.cuts < 2 && state.failure == null) {
            long ticket = submitted.size() + 1L;
            submitted.add(ReplicatorContract.command(ticket));
            replicator.submit(ReplicatorContract.command(ticket), ticket);
            owner.runUntil(() -> state.failure != null || state.settled() == ticket);
        }
        close(replicator);
        assertThat(state.failure).isNull();
        assertThat(directory.list()).noneMatch(name -> name.endsWith(".snap"));
        assertThat(recover(directory).applied).isEqualTo(submitted);
    }

    /** At whichever of its operations the room ends: what it took is given back, the log goes on, and a later one succeeds. */
    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"CREATE", "WRITE", "RENAME"})
    void leavesNothingOfASnapshotThatFoundNoRoomAndTriesAgain(Operation full) {
        SimulatedDirectory directory = new SimulatedDirectory();
        RecordingState state = new RecordingState();
        boolean[] thereIsRoom = {false};
        directory.setFault((number, operation, name) ->
                name.startsWith("snapshot-") && operation == full && !thereIsRoom[0] ? Outcome.FULL : Outcome.DONE);
        SingleNodeReplicator replicator = start(directory, state);
        List<Command> submitted = new ArrayList<>();
        while (state.cuts < 3) {
            submitOne(replicator, state, submitted);
        }
        thereIsRoom[0] = true;
        while (directory.list().stream().noneMatch(name -> name.endsWith(".snap"))) {
            submitOne(replicator, state, submitted);
            assertThat(submitted).hasSizeLessThan(2_000);
        }
        close(replicator);
        assertThat(state.hasFailed()).isFalse();
        assertThat(state.refused).isEmpty();
        assertThat(directory.list()).noneMatch(name -> name.startsWith("snapshot-") && name.endsWith(".tmp"));
        assertThat(recover(directory.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(1))).applied)
                .isEqualTo(submitted);
    }

    private void submitOne(Replicator replicator, RecordingState state, List<Command> submitted) {
        long ticket = submitted.size() + 1L;
        submitted.add(ReplicatorContract.command(ticket));
        replicator.submit(ReplicatorContract.command(ticket), ticket);
        owner.runUntil(() -> state.hasFailed() || state.settled() == ticket);
    }
}
