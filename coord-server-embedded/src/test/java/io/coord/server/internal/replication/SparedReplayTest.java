package io.coord.server.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.log.SimulatedDirectory;
import io.coord.server.internal.log.SimulatedDirectory.Loss;
import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Snapshots at quiet moments and at an orderly close, so that the next start has nothing to replay. */
class SparedReplayTest {
    private static final LogConfig CONFIG =
            LogConfig.DEFAULT.withSnapshotEvery(4_000, 1 << 30).withQuietSnapshots(1_000, 0);
    private static final LogConfig SAVED_AT_THE_END = CONFIG.withQuietSnapshots(0, 1 << 20);

    private final OwnerQueue owner = new OwnerQueue();
    private SimulatedDirectory directory = new SimulatedDirectory();
    private RecordingState state = new RecordingState();
    private SingleNodeReplicator replicator;
    private long lastTicket;

    private void start(LogConfig config) {
        state = new RecordingState();
        replicator = new SingleNodeReplicator(owner, () -> directory, config);
        replicator.start(state);
        owner.runUntil(() -> state.ready || state.failure != null);
        assertThat(state.failure).isNull();
    }

    private void write(int commands) {
        long before = state.settled();
        for (int i = 0; i < commands; i++) {
            replicator.submit(ReplicatorContract.command(++lastTicket), lastTicket);
        }
        owner.runUntil(() -> state.settled() == before + commands);
    }

    private Throwable close() {
        Throwable[] told = {null};
        boolean[] closed = {false};
        replicator.close(failure -> {
            told[0] = failure;
            closed[0] = true;
        });
        owner.runUntil(() -> closed[0]);
        return told[0];
    }

    private boolean hasSnapshotOf(long index) {
        return directory.list().stream().anyMatch(name -> name.matches("snapshot-0*" + index + "\\.snap"));
    }

    /** What a start restores and what it replays, as the restored state forgets nothing. */
    private void findsAll(int commands, int fromSnapshot) {
        start(CONFIG);
        assertThat(state.applied).hasSize(commands);
        assertThat(state.restores).isEqualTo(fromSnapshot > 0 ? 1 : 0);
        close();
    }

    @Test
    void savesASnapshotWhenNothingHasComeForAWhile() {
        start(CONFIG);
        write(500);
        replicator.onTick(0);
        replicator.onTick(999);
        owner.runArrived();
        assertThat(state.cuts).isZero();
        replicator.onTick(1_000);
        owner.runUntil(() -> hasSnapshotOf(500));
        close();
        directory = directory.afterCrash(Loss.EVERYTHING_UNSYNCED, new Random(1));
        findsAll(500, 500);
    }

    @Test
    void savesASnapshotWhenAWriteComesNowAndThen() {
        start(CONFIG);
        write(500);
        for (int second = 0; second <= 1; second++) {
            write(1);
            replicator.onTick(second * 1_000L);
        }
        owner.runUntil(() -> hasSnapshotOf(502));
        close();
    }

    @Test
    void savesNoneUnderLoadAndNoneForAFewWritesAndNoneTwice() {
        start(CONFIG);
        for (int second = 0; second < 5; second++) {
            write(200);
            replicator.onTick(second * 1_000L);
        }
        assertThat(state.cuts).isZero();
        replicator.onTick(6_000);
        owner.runUntil(() -> hasSnapshotOf(1_000));
        write(100);
        for (int second = 7; second < 20; second++) {
            replicator.onTick(second * 1_000L);
            owner.runArrived();
        }
        assertThat(state.cuts).isEqualTo(1);
        close();
    }

    @Test
    void savesASnapshotAtAnOrderlyClose() {
        start(SAVED_AT_THE_END);
        write(500);
        assertThat(close()).isNull();
        assertThat(hasSnapshotOf(500)).isTrue();
        findsAll(500, 500);
    }

    @Test
    void savesNoLargeSnapshotAtAnOrderlyClose() {
        start(CONFIG.withQuietSnapshots(0, 400));
        write(500);
        assertThat(close()).isNull();
        assertThat(hasSnapshotOf(500)).isFalse();
        assertThat(state.cuts).isEqualTo(1);
        findsAll(500, 0);
    }

    @Test
    void takesNothingAnyMoreWhileTheLastSnapshotIsSaved() {
        start(SAVED_AT_THE_END);
        write(500);
        boolean[] closed = {false};
        replicator.close(failure -> closed[0] = true);
        state.end();
        replicator.submit(ReplicatorContract.command(501), 501);
        replicator.onTick(1_000_000);
        assertThat(close()).isNull();
        assertThat(closed[0]).isTrue();
        findsAll(500, 500);
    }

    @Test
    void closesWhenTheDiskFailsUnderTheLastSnapshot() {
        start(SAVED_AT_THE_END);
        write(500);
        directory.setFault((number, operation, name) ->
                operation == Operation.SYNC && name.startsWith("snapshot") ? Outcome.FAILED : Outcome.DONE);
        close();
        assertThat(hasSnapshotOf(500)).isFalse();
        directory.setFault(Lives.NONE);
        findsAll(500, 0);
    }

    @Test
    void closesWhenTheLogFailsUnderTheLastSnapshot() {
        start(SAVED_AT_THE_END);
        write(500);
        directory.setFault((number, operation, name) -> operation == Operation.SYNC ? Outcome.FAILED : Outcome.DONE);
        replicator.submit(ReplicatorContract.command(501), 501);
        owner.runArrived();
        close();
        directory.setFault(Lives.NONE);
        start(CONFIG);
        assertThat(state.applied).hasSizeBetween(500, 501);
        close();
    }
}
