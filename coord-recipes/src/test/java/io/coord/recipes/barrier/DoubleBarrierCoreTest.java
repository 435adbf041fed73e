package io.coord.recipes.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.recipes.internal.queue.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Members on one thread around a directory in memory; requests, answers and events wait in one line. */
class DoubleBarrierCoreTest {
    /** Name of each znode, and the session that it ends with; 0 for the ready znode. */
    private final Map<String, Long> nodes = new TreeMap<>();

    private final Deque<Runnable> line = new ArrayDeque<>();
    private final List<Watch> watches = new ArrayList<>();
    private int names;

    private record Watch(String name, Member member, long ticket) {}

    private final class Member implements DoubleBarrierCore.Port {
        final List<String> told = new ArrayList<>();
        final DoubleBarrierCore core;
        long session;
        long pause;
        boolean loseNextAnswer;

        Member(long session, int quantity) {
            this.session = session;
            this.core = new DoubleBarrierCore(quantity, () -> String.format("m%03d", ++names), this);
        }

        private void answer(Runnable success, Runnable lost) {
            boolean lose = loseNextAnswer;
            loseNextAnswer = false;
            line.add(lose ? lost : success);
        }

        @Override
        public long session() {
            return session;
        }

        @Override
        public void create(String name) {
            long sender = session;
            line.add(() -> {
                boolean isNew = nodes.putIfAbsent(name, sender) == null;
                answer(
                        isNew ? core::created : () -> core.createFailed(failure(Failure.Kind.NODE_EXISTS)),
                        () -> core.createFailed(failure(Failure.Kind.UNKNOWN)));
            });
        }

        @Override
        public void list() {
            line.add(() -> {
                List<String> all = List.copyOf(nodes.keySet());
                answer(() -> core.listed(all), () -> core.listFailed(failure(Failure.Kind.TRANSIENT)));
            });
        }

        @Override
        public void createReady() {
            line.add(() -> {
                boolean isNew = nodes.putIfAbsent(DoubleBarrierCore.READY, 0L) == null;
                if (isNew) {
                    fire(DoubleBarrierCore.READY, true);
                }
                answer(
                        isNew ? core::readyCreated : () -> core.createReadyFailed(failure(Failure.Kind.NODE_EXISTS)),
                        () -> core.createReadyFailed(failure(Failure.Kind.UNKNOWN)));
            });
        }

        @Override
        public void delete(String name) {
            line.add(() -> {
                remove(name);
                answer(() -> core.deleted(name), () -> core.deleteFailed(failure(Failure.Kind.UNKNOWN)));
            });
        }

        @Override
        public void watch(String name, long ticket) {
            line.add(() -> {
                boolean exists = nodes.containsKey(name);
                watches.add(new Watch(name, this, ticket));
                answer(
                        () -> core.watched(ticket, exists),
                        () -> core.watchFailed(ticket, failure(Failure.Kind.TRANSIENT)));
            });
        }

        @Override
        public void unwatch(long ticket) {
            watches.removeIf(watch -> watch.member == this && watch.ticket == ticket);
        }

        @Override
        public void pause(int failures, long ticket) {
            pause = ticket;
            told.add("pause " + failures);
        }

        @Override
        public void entered() {
            told.add("entered");
        }

        @Override
        public void withdrawn() {
            told.add("withdrawn");
        }

        @Override
        public void left() {
            told.add("left");
        }

        @Override
        public void refused(RuntimeException cause) {
            told.add("refused");
        }

        void expire() {
            List.copyOf(nodes.entrySet()).forEach(node -> {
                if (node.getValue() == session) {
                    remove(node.getKey());
                }
            });
            core.suspended();
            core.sessionLost();
        }
    }

    private static Failure failure(Failure.Kind kind) {
        return new Failure(kind, new IllegalStateException(kind.name()));
    }

    private void remove(String name) {
        if (nodes.remove(name) != null) {
            fire(name, false);
        }
    }

    private void fire(String name, boolean created) {
        for (Watch watch : List.copyOf(watches)) {
            if (watch.name.equals(name)) {
                watches.remove(watch);
                line.add(() -> watch.member.core.changed(watch.ticket, created));
            }
        }
    }

    private void settle() {
        int steps = 0;
        while (!line.isEmpty()) {
            line.remove().run();
            if (++steps > 20_000) {
                throw new AssertionError("it goes on for ever");
            }
        }
    }

    private Member entering(long session, int quantity) {
        Member member = new Member(session, quantity);
        member.core.enter(true);
        settle();
        return member;
    }

    private void leave(Member member) {
        member.core.leave(true);
        settle();
    }

    @Test
    void opensWhenEnoughHaveComeAndEndsWhenAllHaveLeft() {
        Member a = entering(1, 3);
        Member b = entering(2, 3);
        assertThat(a.told).isEmpty();
        Member c = entering(3, 3);
        assertThat(List.of(a, b, c))
                .allSatisfy(member -> assertThat(member.told).containsExactly("entered"));
        leave(a);
        leave(b);
        assertThat(a.told).containsExactly("entered");
        leave(c);

        assertThat(List.of(a, b, c))
                .allSatisfy(member -> assertThat(member.told).containsExactly("entered", "left"));
        assertThat(nodes).isEmpty();
        assertThat(watches).isEmpty();
    }

    @Test
    void eventThatIsNoOpeningLetsNobodyPass() {
        Member a = entering(1, 2);
        Watch watch = watches.get(0);
        a.core.changed(watch.ticket(), false);
        settle();
        a.core.suspended();
        a.core.connected();
        settle();

        assertThat(a.told).isEmpty();
        assertThat(a.core.isInside()).isFalse();
    }

    @Test
    void slowMemberEntersAlthoughTheOthersHaveLeftAlready() {
        Member slow = entering(1, 2);
        Member quick = new Member(2, 2);
        quick.core.enter(true);
        // The event for the slow one is on its way when the quick one is through.
        while (!quick.core.isInside()) {
            line.remove().run();
        }
        String slowMember = nodes.entrySet().stream()
                .filter(node -> node.getValue() == 1)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        nodes.keySet().retainAll(List.of(slowMember));
        settle();

        assertThat(slow.told).containsExactly("entered");
        leave(quick);
        leave(slow);
        assertThat(quick.told).endsWith("left");
    }

    @Test
    void whatMembersLeftBehindWhoEndedWithoutLeavingOpensNothing() {
        nodes.put(DoubleBarrierCore.READY, 0L);
        Member a = entering(1, 2);
        assertThat(a.told).isEmpty();
        assertThat(nodes).doesNotContainKey(DoubleBarrierCore.READY);
        Member b = entering(2, 2);

        assertThat(a.told).containsExactly("entered");
        assertThat(b.told).containsExactly("entered");
    }

    @Test
    void whoComesLateToAnOpenBarrierPassesAndIsWaitedFor() {
        Member a = entering(1, 2);
        Member b = entering(2, 2);
        Member late = entering(3, 2);
        assertThat(late.told).containsExactly("entered");
        leave(a);
        leave(b);
        assertThat(a.told).containsExactly("entered");
        leave(late);

        assertThat(a.told).containsExactly("entered", "left");
    }

    @Test
    void whoIsSlowToLeaveDoesNotWaitForThoseWhoHaveLeftAndWaitToEnterAgain() {
        Member quick = entering(1, 2);
        Member slow = entering(2, 2);
        leave(quick);
        slow.core.leave(true);
        while (nodes.containsValue(2L)) {
            line.remove().run();
        }
        Runnable answer = line.removeLast();
        settle();
        assertThat(quick.told).containsExactly("entered", "left");
        quick.core.enter(true);
        settle();
        line.add(answer);
        settle();
        assertThat(slow.told).containsExactly("entered", "left");
        slow.core.enter(true);
        settle();

        assertThat(quick.told).containsExactly("entered", "left", "entered");
        assertThat(slow.told).containsExactly("entered", "left", "entered");
    }

    @Test
    void whoGaveUpWaitingForTheOthersBeforeItsOwnMemberWasGoneWatchesNobodyAndCanEnterAgain() {
        Member a = entering(1, 2);
        entering(2, 2);
        a.core.leave(true);
        a.core.stopWaitingForOthers();
        settle();
        assertThat(watches).isEmpty();
        assertThat(nodes).hasSize(2);
        a.core.enter(true);
        settle();

        assertThat(a.told).containsExactly("entered", "left", "entered");
    }

    @Test
    void createOfWhichTheAnswerWasLostCountsOnce() {
        Member a = new Member(1, 2);
        a.core.enter(true);
        line.remove().run();
        a.loseNextAnswer = true;
        settle();
        // The list had its answer lost; then the create does.
        a.core.pauseOver(a.pause);
        a.loseNextAnswer = true;
        settle();
        a.core.pauseOver(a.pause);
        settle();

        assertThat(nodes).hasSize(1);
        assertThat(a.told).doesNotContain("entered");
    }

    @Test
    void sessionLostWhileWaitingCostsTheMemberNotTheWait() {
        Member a = entering(1, 2);
        a.expire();
        assertThat(nodes).isEmpty();
        Member b = entering(2, 2);
        assertThat(b.told).isEmpty();
        a.session = 9;
        a.core.connected();
        settle();

        assertThat(a.told).containsExactly("entered");
        assertThat(b.told).containsExactly("entered");
        assertThat(nodes.values()).containsExactlyInAnyOrder(9L, 2L, 0L);
    }

    @Test
    void memberOfAnEarlierSessionIsNotCountedOn() {
        Member a = entering(1, 2);
        // Its session has ended and its znode has not gone yet: the client is in the next one already.
        a.core.suspended();
        a.core.sessionLost();
        a.session = 9;
        a.core.connected();
        settle();

        assertThat(nodes.values()).containsExactly(9L);
        assertThat(a.told).as("it does not count itself twice").isEmpty();
        Member b = entering(2, 2);
        assertThat(b.told).containsExactly("entered");
    }

    @Test
    void memberWhoMayNotOpenTheBarrierIsWithdrawn() {
        Member a = new Member(1, 1);
        a.core.enter(true);
        while (nodes.isEmpty()) {
            line.remove().run();
        }
        line.remove().run();
        a.core.listed(List.copyOf(nodes.keySet()));
        line.clear();
        a.core.createReadyFailed(failure(Failure.Kind.FINAL));
        settle();

        assertThat(a.told).containsExactly("refused", "withdrawn");
        assertThat(nodes).isEmpty();
    }

    @Test
    void memberThatGivesUpIsWithdrawn() {
        Member a = entering(1, 2);
        a.core.withdraw();
        settle();
        assertThat(a.told).containsExactly("withdrawn");
        assertThat(nodes).isEmpty();
        Member b = entering(2, 2);
        assertThat(b.told).isEmpty();
        a.core.enter(true);
        settle();

        assertThat(a.told).containsExactly("withdrawn", "entered");
        a.core.withdraw();
        assertThat(a.core.isInside()).isTrue();
    }

    @Test
    void lostMemberDoesNotHoldUpTheEnd() {
        Member a = entering(1, 2);
        Member b = entering(2, 2);
        leave(a);
        b.expire();
        settle();
        assertThat(a.told).containsExactly("entered", "left");
        b.session = 9;
        b.core.connected();
        leave(b);

        assertThat(b.told).containsExactly("entered", "left");
    }

    @Test
    void allEndInAnyOrderOfEventsAndLostAnswers() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            nodes.clear();
            watches.clear();
            int size = 2 + random.nextInt(4);
            List<Member> members = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                members.add(new Member(i + 1, size));
            }
            members.forEach(member -> member.core.enter(true));
            int left = 0;
            for (int step = 0; left < size; step++) {
                assertThat(step).as("seed " + seed).isLessThan(5_000);
                Member member = members.get(random.nextInt(size));
                if (!line.isEmpty()) {
                    if (random.nextInt(10) == 0 && step < 300) {
                        member.loseNextAnswer = true;
                    }
                    line.remove().run();
                } else {
                    members.forEach(each -> each.core.pauseOver(each.pause));
                }
                if (member.core.isInside()) {
                    member.told.clear();
                    member.core.leave(true);
                }
                left = (int) members.stream()
                        .filter(each -> each.told.contains("left"))
                        .count();
                boolean someLeft = left > 0;
                assertThat(someLeft && members.stream().anyMatch(each -> each.core.isInside()))
                        .as("seed " + seed + ": somebody has left while another is inside")
                        .isFalse();
            }
            line.clear();
        }
    }
}
