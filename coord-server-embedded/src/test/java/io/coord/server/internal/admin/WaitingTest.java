package io.coord.server.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.runtime.Listing;
import io.coord.server.internal.runtime.OwnerQuestions;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.StateReview;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How what is long is asked for: in messages of which each holds the owner thread for a moment only. */
class WaitingTest {
    private int messages;
    private final OwnerQuestions owner = new OwnerQuestions(message -> {
        messages++;
        message.run();
    });

    /** The numbers from 0 on; {@link #gone} of them is gone when their turn comes. */
    private static final class Numbers implements Listing<Integer> {
        private final int size;
        private int next;
        private int gone = -1;
        private final List<Integer> askedFor = new ArrayList<>();

        Numbers(int size) {
            this.size = size;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public List<Integer> next(int most) {
            askedFor.add(most);
            List<Integer> some = new ArrayList<>();
            for (int i = 0; i < most && next < size; i++) {
                if (next != gone) {
                    some.add(next);
                }
                next++;
            }
            return some;
        }
    }

    private static List<Integer> upTo(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 499, 500, 501, 1_000, 1_234})
    void allIsCollectedByMessagesThatAskForFiveHundredAtMost(int size) {
        Numbers numbers = new Numbers(size);
        Waiting.Excerpt<Integer> all = Waiting.collect(owner, () -> numbers, 100_000);

        assertThat(all.entries()).isEqualTo(upTo(size));
        assertThat(all.omitted()).isZero();
        assertThat(numbers.askedFor).isNotEmpty().allMatch(most -> most <= 500);
        assertThat(messages).isGreaterThanOrEqualTo(2 + numbers.askedFor.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 500, 700, 1_000})
    void noMoreThanTheLimitIsCollectedAndTheRestIsCounted(int most) {
        Numbers numbers = new Numbers(1_234);
        Waiting.Excerpt<Integer> some = Waiting.collect(owner, () -> numbers, most);

        assertThat(some.entries()).isEqualTo(upTo(most));
        assertThat(some.omitted()).isEqualTo(1_234 - most);
        assertThat(numbers.next).isEqualTo(most);
    }

    /** A listing may hand out less than it was asked for, because what was there at its begin has gone. */
    @Test
    void aSliceThatIsNotFullIsNotTheEnd() {
        Numbers numbers = new Numbers(1_000);
        numbers.gone = 300;
        Waiting.Excerpt<Integer> all = Waiting.collect(owner, () -> numbers, 100_000);

        assertThat(all.entries()).hasSize(999).doesNotContain(300);
    }

    private final CoordStateMachine state = new CoordStateMachine(1);
    private final Session session =
            state.apply(new Command.CreateSession(1, 1_000, new byte[16])).opened();

    private void write(Request request) {
        List<Id> nobody = List.of(new Id("ip", "127.0.0.1"));
        state.apply(new Command.Write(1, session.id(), session.attachment(), nobody, request));
    }

    private void createZnodes(int count) {
        for (int i = 0; i < count; i++) {
            write(new CreateRequest(OpCode.CREATE, "/n" + i, null, Acl.OPEN, 0));
        }
    }

    @Test
    void aDigestIsPutTogetherByMessagesOfAThousandZnodesAtMost() {
        createZnodes(5_000);
        StateReview atOnce = state.beginReview();
        assertThat(atOnce.next(Integer.MAX_VALUE)).isFalse();

        assertThat(ServerDigest.of(owner, state::beginReview))
                .isEqualTo(new ServerDigest(state.lastZxid(), atOnce.digest()));
        // Five thousand and the root, the begin and the end.
        assertThat(messages).isGreaterThanOrEqualTo(6 + 2);
    }

    /** A cut of the tree that nobody ends costs each write after it. */
    @Test
    void aDigestThatNobodyCanWaitForAnyMoreIsEnded() {
        createZnodes(5_000);
        List<StateReview> begun = new ArrayList<>();
        OwnerQuestions stopping = new OwnerQuestions(message -> {
            if (messages++ == 3) {
                throw new IllegalStateException("planted: the owner takes nothing any more");
            }
            message.run();
        });
        assertThatThrownBy(() -> ServerDigest.of(stopping, () -> {
                    begun.add(state.beginReview());
                    return begun.get(0);
                }))
                .hasMessageContaining("planted");
        // One that goes on would take the znode as it was before this.
        long digest = begun.get(0).digest();
        write(new SetDataRequest("/n4999", new byte[1], -1));
        assertThat(begun.get(0).digest()).isEqualTo(digest);
    }
}
