package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.server.internal.replication.Command;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnSubmissionsTest {
    private static final long LIFE = 77;

    private final OwnSubmissions submissions = new OwnSubmissions(LIFE);
    private final List<BatchHeader> sent = new ArrayList<>();
    private long nextTicket = 1;

    private void send(BatchHeader header, byte[] entry) {
        sent.add(header);
    }

    private static Route leaderOf(long term) {
        return new Route(1, term, 0);
    }

    private void submit(Route route) {
        add();
        submissions.send(route, this::send);
    }

    private void add() {
        submissions.add(new Batch.Submission(new Command.Barrier(0), nextTicket++));
    }

    private List<Long> take(BatchHeader header) {
        assertThat(submissions.isOwn(header)).isTrue();
        return tickets(submissions.take(header));
    }

    private static List<Long> tickets(List<Batch.Submission> submissions) {
        return submissions.stream().map(Batch.Submission::ticket).toList();
    }

    @Test
    void sendsFourBatchesAtMostAndTheNextWhenOneIsGivenBack() {
        for (int i = 0; i < 6; i++) {
            submit(leaderOf(3));
        }
        assertThat(sent).extracting(BatchHeader::number).containsExactly(0L, 1L, 2L, 3L);

        assertThat(take(sent.get(0))).containsExactly(1L);
        submissions.send(leaderOf(3), this::send);
        assertThat(sent.get(4).count()).isEqualTo(2);
    }

    @Test
    void whatTheNextTermsLogDoesNotHoldIsSentToItsLeaderInTheOldOrder() {
        for (int i = 0; i < 6; i++) {
            submit(leaderOf(3));
        }
        submissions.onRoute(leaderOf(5), this::send);
        assertThat(sent).as("sent before the log has got to the term").hasSize(4);

        assertThat(take(sent.get(0))).containsExactly(1L);
        assertThat(submissions.onTermReached(5)).isTrue();
        submissions.send(leaderOf(5), this::send);

        BatchHeader again = sent.get(4);
        assertThat(again.term()).isEqualTo(5);
        assertThat(again.number()).isZero();
        assertThat(again.stream()).isGreaterThan(sent.get(0).stream());
        assertThat(take(again)).containsExactly(2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void aBatchThatTheOldLeaderTookIsNotOwnAnyMoreOnceTheTermIsOver() {
        submit(leaderOf(3));
        submissions.onTermReached(4);

        assertThat(submissions.isOwn(sent.get(0))).isFalse();
    }

    @Test
    void asksTheSameLeaderWhatItHasTakenBeforeAnythingIsSentAgain() {
        submit(leaderOf(3));
        submit(leaderOf(3));
        submit(leaderOf(3));
        submissions.onRoute(leaderOf(3), this::send);
        submit(leaderOf(3));

        assertThat(sent).hasSize(4);
        BatchHeader question = sent.get(3);
        assertThat(question.count()).isZero();
        assertThat(question.number()).isZero();
        assertThat(take(sent.get(0))).containsExactly(1L);
        assertThat(take(question)).isEmpty();
        submissions.send(leaderOf(3), this::send);

        BatchHeader again = sent.get(4);
        assertThat(again.stream()).isEqualTo(question.stream());
        assertThat(take(again)).containsExactly(2L, 3L, 4L);
    }

    @Test
    void theWayMayBreakWhileTheQuestionIsUnderWay() {
        submit(leaderOf(3));
        submissions.onRoute(leaderOf(3), this::send);
        submissions.onRoute(leaderOf(3), this::send);
        BatchHeader lost = sent.get(1);
        BatchHeader question = sent.get(2);

        assertThat(submissions.isOwn(lost)).isFalse();
        assertThat(take(sent.get(0))).containsExactly(1L);
        assertThat(take(question)).isEmpty();
    }

    @Test
    void aBrokenStreamSendsNothingAndIsGivenUpAfterAWhile() {
        submit(leaderOf(3));
        submissions.onBroken(LIFE, sent.get(0).stream() - 1);
        assertThat(submissions.isBrokenFor(1_000, 0)).as("an earlier stream").isFalse();
        submissions.onBroken(LIFE, sent.get(0).stream());
        submit(leaderOf(3));

        assertThat(sent).hasSize(1);
        assertThat(submissions.isBrokenFor(2_000, 500)).isFalse();
        assertThat(submissions.isBrokenFor(2_499, 500)).isFalse();
        assertThat(submissions.isBrokenFor(2_500, 500)).isTrue();
        assertThat(tickets(submissions.abandon())).containsExactly(1L, 2L);
        assertThat(submissions.isBrokenFor(9_000, 500)).isFalse();
        submit(leaderOf(3));
        assertThat(sent.get(1).stream()).isGreaterThan(sent.get(0).stream());
    }

    @Test
    void aBrokenStreamThatHasComeBackWhollyIsFollowedByAnother() {
        submit(leaderOf(3));
        submissions.onBroken(LIFE, sent.get(0).stream());
        take(sent.get(0));
        submit(leaderOf(3));

        assertThat(sent.get(1).number()).isZero();
        assertThat(sent.get(1).stream()).isGreaterThan(sent.get(0).stream());
    }

    @Test
    void aBatchThatWasNotToComeNextIsAnError() {
        submit(leaderOf(3));
        submit(leaderOf(3));

        assertThatThrownBy(() -> submissions.take(sent.get(1))).isInstanceOf(IllegalStateException.class);
    }

    /**
     * A member, the way to its leader and the log, with everything that may go wrong: the way breaks, with what is on it arriving or not;
     * leaders change, and keep of the old one's log what they have got; a deposed one goes on taking.
     */
    private static final class World {
        private record LogEntry(long term, BatchHeader header) {}

        private final Random random;
        private final OwnSubmissions submissions = new OwnSubmissions(LIFE);
        private final List<LogEntry> log = new ArrayList<>();
        private final Deque<BatchHeader> onTheWay = new ArrayDeque<>();
        /** On a connection that broke; the leader may read it behind what comes over the next one. */
        private final Deque<BatchHeader> stragglers = new ArrayDeque<>();

        private final Deque<Runnable> later = new ArrayDeque<>();
        private final LeaderIntake intake = new LeaderIntake(this::append, later::add);
        private final List<Long> applied = new ArrayList<>();
        private int committed;
        private int delivered;
        private long term = 1;
        private Route route = Route.NONE;
        private long submitted;
        private int appendFailures;

        World(long seed) {
            random = new Random(seed);
            lead();
        }

        private void lead() {
            log.add(new LogEntry(term, new BatchHeader(term, 0, 0, 0, 0)));
            intake.onTerm(term);
        }

        private void append(byte[] entry, Runnable onFailure) {
            BatchHeader header = BatchHeader.read(Unpooled.wrappedBuffer(entry));
            if (appendFailures > 0 && random.nextInt(4) == 0) {
                appendFailures--;
                onFailure.run();
            } else {
                log.add(new LogEntry(term, header));
            }
        }

        private void send(BatchHeader header, byte[] entry) {
            onTheWay.addLast(header);
        }

        private void arrive() {
            BatchHeader next = (random.nextInt(3) == 0 ? stragglers : onTheWay).pollFirst();
            if (next != null) {
                ByteBuf out = Unpooled.buffer();
                next.write(out);
                byte[] entry = Arrays.copyOf(out.array(), out.writerIndex());
                intake.accept(2, next, entry, () -> submissions.onBroken(next.life(), next.stream()));
            }
        }

        private void deliver() {
            if (delivered >= committed) {
                return;
            }
            LogEntry next = log.get(delivered++);
            if (submissions.onTermReached(next.term)) {
                submissions.send(route, this::send);
            }
            BatchHeader header = next.header;
            if (header.term() == next.term && submissions.isOwn(header)) {
                submissions.take(header).forEach(each -> applied.add(each.ticket()));
                submissions.send(route, this::send);
            } else if (header.term() == next.term) {
                assertThat(header.count())
                        .as("commands of " + header + ", which was given up")
                        .isZero();
            }
        }

        private void breakWay() {
            route = Route.NONE;
            stragglers.clear();
            int arriving = random.nextInt(onTheWay.size() + 1);
            for (int i = 0; i < arriving; i++) {
                stragglers.addLast(onTheWay.removeFirst());
            }
            onTheWay.clear();
        }

        private void changeLeader() {
            breakWay();
            int kept = committed + random.nextInt(log.size() - committed + 1);
            while (log.size() > kept) {
                log.remove(log.size() - 1);
            }
            term++;
            lead();
        }

        private void findLeader() {
            if (route.isNone()) {
                route = new Route(1, term, 0);
                submissions.onRoute(route, this::send);
            }
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    submissions.add(new Batch.Submission(new Command.Barrier(0), ++submitted));
                    submissions.send(route, this::send);
                }
                case 3, 4, 5 -> arrive();
                case 6 -> committed = Math.min(log.size(), committed + 1 + random.nextInt(3));
                case 7, 8 -> deliver();
                case 9 -> findLeader();
                case 10 -> {
                    if (random.nextInt(4) == 0) {
                        breakWay();
                    }
                }
                default -> {
                    if (random.nextInt(8) == 0) {
                        changeLeader();
                    } else if (random.nextInt(8) == 0) {
                        appendFailures = 1;
                    }
                }
            }
            while (!later.isEmpty()) {
                later.remove().run();
            }
        }

        void settle() {
            appendFailures = 0;
            changeLeader();
            for (int i = 0; i < 10_000 && applied.size() < submitted; i++) {
                findLeader();
                arrive();
                committed = log.size();
                deliver();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, 2_000, 3_000})
    void whateverBreaksEachCommandHappensOnceAndInItsOrder(long first) {
        for (long seed = first; seed < first + 500; seed++) {
            World world = new World(seed);
            for (int i = 0; i < 400; i++) {
                world.step();
            }
            world.settle();

            assertThat(world.applied)
                    .as("seed " + seed)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, world.submitted).boxed().toList());
        }
    }
}
