package io.coord.server.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.ReplicatedState.SnapshotCut;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A digest that is put together while the state changes. */
class StateReviewTest {
    private final CoordStateMachine state = new CoordStateMachine(1);

    private static long digestNow(CoordStateMachine state) {
        StateReview review = state.beginReview();
        while (review.next(100)) {
            // Nothing changes.
        }
        return review.digest();
    }

    private static CoordStateMachine restored(List<ByteBuf> chunks) {
        CoordStateMachine copy = new CoordStateMachine(2);
        StateRestore restore = copy.beginRestore();
        chunks.forEach(restore::readChunk);
        copy.finishRestore();
        return copy;
    }

    @Test
    void statesThatHoldTheSameHaveTheSameDigestAndOthersHaveNot() {
        Commands.random(3, 3_000).forEach(state::apply);
        List<ByteBuf> chunks = new ArrayList<>();
        SnapshotCut cut = state.beginSnapshot();
        boolean more = true;
        while (more) {
            ByteBuf chunk = Unpooled.buffer();
            more = cut.writeNext(chunk);
            chunks.add(chunk);
        }
        CoordStateMachine copy = restored(chunks);
        assertThat(digestNow(copy)).isEqualTo(digestNow(state));

        copy.apply(new Command.CreateSession(1, 1, Commands.password()));
        assertThat(digestNow(copy)).isNotEqualTo(digestNow(state));
    }

    /** A snapshot that begins and ends meanwhile is none the wiser either. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "3, 10", "4, 100"})
    void aDigestIsOfTheMomentWhenItBegan(long seed, int commandsBetweenSlices) {
        List<Command> commands = Commands.random(seed, 30_000);
        Iterator<Command> next = commands.iterator();
        for (int i = 0; i < 5_000; i++) {
            state.apply(next.next());
        }
        long expected = digestNow(state);
        long zxid = state.lastZxid();
        StateReview review = state.beginReview();
        review.next(1);
        long savedExpected = state.digest();
        SnapshotCut cut = state.beginSnapshot();
        List<ByteBuf> chunks = new ArrayList<>();
        boolean more = true;
        boolean saving = true;
        while (more) {
            for (int i = 0; i < commandsBetweenSlices && next.hasNext(); i++) {
                state.apply(next.next());
            }
            more = review.next(2);
            if (saving) {
                ByteBuf chunk = Unpooled.buffer();
                saving = cut.writeNext(chunk);
                chunks.add(chunk);
            }
        }
        assertThat(review.digest()).isEqualTo(expected);
        assertThat(review.zxid()).isEqualTo(zxid);
        while (saving) {
            ByteBuf chunk = Unpooled.buffer();
            saving = cut.writeNext(chunk);
            chunks.add(chunk);
        }
        assertThat(restored(chunks).digest()).isEqualTo(savedExpected);
        if (commandsBetweenSlices > 0) {
            assertThat(digestNow(state)).isNotEqualTo(expected);
        }
    }

    /** Each slice is a turn of the owner thread, so none may be longer than was said. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void noSliceLooksAtMoreZnodesThanItMay(int slice) {
        Commands.random(7, 3_000).forEach(state::apply);
        int znodes = state.tree().size();
        int slices = 1;
        StateReview review = state.beginReview();
        while (review.next(slice)) {
            slices++;
        }
        assertThat(slices * slice).isBetween(znodes, znodes + 2 * slice);
    }

    @Test
    void oneThatIsGivenUpLeavesNothingBehind() {
        Commands.random(5, 3_000).forEach(state::apply);
        StateReview first = state.beginReview();
        first.next(1);
        StateReview second = state.beginReview();
        first.end();
        first.end();
        long expected = digestNow(state);
        Commands.random(6, 1_000).forEach(state::apply);
        while (second.next(7)) {
            // To the end.
        }
        assertThat(second.digest()).isEqualTo(expected);
        second.end();
    }
}
