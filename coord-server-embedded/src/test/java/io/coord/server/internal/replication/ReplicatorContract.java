package io.coord.server.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for each implementation of {@link Replicator}. */
abstract class ReplicatorContract {
    final OwnerQueue owner = new OwnerQueue();
    final RecordingState state = new RecordingState();
    private final List<Replicator> open = new ArrayList<>();

    abstract Replicator create(OwnerQueue mailbox);

    static Command command(long number) {
        return new Command.ReapZnode(number, "/c" + number, 0);
    }

    private Replicator track(Replicator replicator) {
        open.add(replicator);
        return replicator;
    }

    Replicator started() {
        Replicator replicator = track(create(owner));
        replicator.start(state);
        owner.runUntil(() -> state.ready);
        return replicator;
    }

    @AfterEach
    void closeAll() {
        open.forEach(this::close);
    }

    void close(Replicator replicator) {
        boolean[] closed = {false};
        replicator.close(failure -> closed[0] = true);
        owner.runUntil(() -> closed[0]);
    }

    @Test
    void givesEachCommandBackInTheOrderOfSubmission() {
        Replicator replicator = started();
        Random random = new Random(1);
        List<Command> submitted = new ArrayList<>();
        long ticket = 0;
        while (ticket < 5_000) {
            int burst = 1 + random.nextInt(200);
            for (int i = 0; i < burst; i++) {
                Command command = command(++ticket);
                submitted.add(command);
                replicator.submit(command, ticket);
            }
            if (random.nextBoolean()) {
                owner.runArrived();
            }
        }
        long last = ticket;
        owner.runUntil(() -> state.settled() == last && state.sinceBatchEnd == 0);
        assertThat(state.committed)
                .isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
        assertThat(state.applied).isEqualTo(submitted);
        assertThat(state.batches).isPositive();
    }

    @Test
    void neverAnswersWithinTheCallThatCausedIt() {
        Replicator replicator = track(create(owner));
        replicator.start(state);
        assertThat(state.ready).isFalse();
        owner.runUntil(() -> state.ready);
        replicator.submit(command(1), 1);
        assertThat(state.settled()).isZero();
        boolean[] closed = {false};
        replicator.close(failure -> closed[0] = true);
        assertThat(closed[0]).isFalse();
    }

    @Test
    void takesNoCommandBeforeItIsReady() {
        Replicator replicator = track(create(owner));
        assertThatThrownBy(() -> replicator.submit(command(1), 1)).isInstanceOf(IllegalStateException.class);
        replicator.start(state);
        assertThatThrownBy(() -> replicator.submit(command(1), 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leadsWhenItIsReadyBecauseItIsAlone() {
        Replicator replicator = started();
        assertThat(state.roles).containsExactly(Role.LEADER);
        replicator.tellLeader(new long[] {1});
        owner.runArrived();
        assertThat(state.settled()).isZero();
    }

    @Test
    void startsOnce() {
        Replicator replicator = started();
        assertThatThrownBy(() -> replicator.start(state)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesCallsFromAnotherThread() {
        Replicator replicator = started();
        assertThatThrownBy(() -> CompletableFuture.runAsync(() -> replicator.submit(command(1), 1))
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> CompletableFuture.runAsync(() -> replicator.close(failure -> {}))
                        .join())
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void deliversAHugeBatchInSlicesThatOthersGoBetween() {
        Replicator replicator = started();
        int[] before = {0};
        int[] most = {0};
        owner.afterEach(() -> {
            most[0] = Math.max(most[0], state.committed.size() - before[0]);
            before[0] = state.committed.size();
            assertThat(state.sinceBatchEnd).isZero();
        });
        long commands = 5_000;
        for (long ticket = 1; ticket <= commands; ticket++) {
            replicator.submit(command(ticket), ticket);
        }
        owner.runUntil(() -> !state.committed.isEmpty());
        boolean[] between = {false};
        owner.offer(() -> between[0] = state.settled() < commands);
        replicator.submit(command(commands + 1), commands + 1);
        owner.runUntil(() -> state.settled() == commands + 1);
        assertThat(most[0]).isEqualTo(PendingCommands.SLICE_COMMANDS);
        assertThat(between[0]).isTrue();
        assertThat(state.committed)
                .isEqualTo(LongStream.rangeClosed(1, commands + 1).boxed().toList());
    }

    @Test
    void closesBetweenTwoSlices() {
        Replicator replicator = started();
        for (long ticket = 1; ticket <= 5_000; ticket++) {
            replicator.submit(command(ticket), ticket);
        }
        owner.runUntil(() -> !state.committed.isEmpty());
        state.end();
        close(replicator);
        assertThat(state.committed).hasSize(PendingCommands.SLICE_COMMANDS);
    }

    @Test
    void tellsOfTheRestOfASlicedBatchWhenTheStateThrows() {
        Replicator replicator = started();
        state.poison = 1_000;
        for (long ticket = 1; ticket <= 2_000; ticket++) {
            replicator.submit(command(ticket), ticket);
        }
        owner.runUntil(() -> state.failure != null);
        assertThat(state.committed).hasSize(999);
        assertThat(state.unknown.keySet())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1_001, 2_000).boxed().toList());
        owner.runArrived();
    }

    @Test
    void takesCommandsSubmittedWhileABatchIsDelivered() {
        Replicator replicator = started();
        for (long ticket = 1; ticket <= 100; ticket++) {
            long next = ticket;
            replicator.submit(command(next), next);
            owner.runUntil(() -> state.settled() >= next - 1);
        }
        owner.runUntil(() -> state.settled() == 100);
        assertThat(state.committed).hasSize(100).isSorted();
    }

    @Test
    void callsNothingOnceItIsClosed() {
        Replicator replicator = started();
        replicator.submit(command(1), 1);
        replicator.close(failure -> assertThat(failure).isNull());
        state.end();
        replicator.submit(command(2), 2);
        close(replicator);
        owner.runArrived();
    }

    @Test
    void closesBeforeAndDuringItsStartAndTwice() {
        close(track(create(owner)));
        Replicator replicator = track(create(owner));
        replicator.start(state);
        close(replicator);
        close(replicator);
    }

    @Test
    void feedsNoMoreToAStateThatThrows() {
        Replicator replicator = started();
        state.poison = 3;
        for (long ticket = 1; ticket <= 5; ticket++) {
            replicator.submit(command(ticket), ticket);
        }
        owner.runUntil(() -> state.failure != null);
        assertThat(state.failure).hasMessage("poisoned");
        assertThat(state.committed).containsExactly(1L, 2L);
        assertThat(state.unknown).containsOnlyKeys(4L, 5L);
        replicator.submit(command(6), 6);
        owner.runArrived();
    }
}
