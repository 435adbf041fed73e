package io.coord.recipes.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.session.ConnectionStateErrorPolicy;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.session.SessionState;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseLostException;
import io.coord.recipes.lock.LeaseState;
import io.coord.recipes.lock.Mutex;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Test;

abstract class LeaderLatchContract extends RecipeContract {
    private static final Duration LONG_SESSION = Duration.ofSeconds(12);
    private static final Duration SHORT_SESSION = Duration.ofSeconds(1);

    private LeaderLatch latch(CoordClient client, String path, String id) {
        return closing(new LeaderLatch(client, path, id)).start();
    }

    /** What a latch told, in order. */
    private static final class Told implements LeaderLatchListener {
        private final List<String> events = Collections.synchronizedList(new ArrayList<>());
        private final AtomicReference<Leadership> last = new AtomicReference<>();

        @Override
        public void isLeader(Leadership leadership) {
            last.set(leadership);
            events.add("is " + leadership.generation());
        }

        @Override
        public void notLeader(Leadership leadership) {
            events.add("not " + leadership.generation());
        }
    }

    @Test
    void firstCandidateLeadsAndTheNextFollowsWhenItCloses() {
        String path = place("election");
        LeaderLatch first = latch(client(), path, "first");
        assertThat(first.await(SOON)).isTrue();
        CoordClient client = client();
        LeaderLatch second = latch(client, path, "second");
        soon().until(() -> second.participants().size() == 2);
        assertThat(second.isLeader()).isFalse();
        assertThat(second.leadership()).isEmpty();
        assertThat(second.participants()).extracting(Participant::id).containsExactly("first", "second");
        assertThat(second.leader().orElseThrow().id()).isEqualTo("first");
        long firstToken = first.leadership().orElseThrow().fencingToken();

        first.close();

        assertThat(second.await(SOON)).isTrue();
        assertThat(second.leadership().orElseThrow().fencingToken()).isGreaterThan(firstToken);
        assertThat(second.participants())
                .extracting(Participant::id, Participant::sessionId, Participant::leader)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("second", client.sessionId(), true));
    }

    @Test
    void candidateThatClosesWhileItWaitsLeavesNothing() {
        String path = place("withdrawn");
        LeaderLatch first = latch(client(), path, "first");
        first.await();
        LeaderLatch second = latch(client(), path, "second");
        LeaderLatch third = latch(client(), path, "third");
        soon().until(() -> first.participants().size() == 3);
        second.close();
        assertThat(first.participants()).extracting(Participant::id).doesNotContain("second");
        first.close();

        assertThat(third.await(SOON)).isTrue();
    }

    @Test
    void pausesWithoutAConnectionAndKeepsItsNode() {
        String path = place("pause");
        FaultProxy proxy = proxy();
        LeaderLatch latch = latch(client(proxy, LONG_SESSION), path, "a");
        Told told = new Told();
        latch.addListener(told);
        latch.await();
        soon().until(() -> told.events.size() == 1);
        Leadership before = told.last.get();
        LeaderLatch other = latch(client(), path, "b");
        soon().until(() -> other.participants().size() == 2);

        unplug(proxy);
        soon().until(() -> told.events.size() == 2);
        assertThat(latch.isLeader()).isFalse();
        assertThat(other.participants()).hasSize(2);
        proxy.resume();
        soon().until(() -> told.events.size() == 3);

        assertThat(told.events).containsExactly("is 1", "not 1", "is 2");
        assertThat(told.last.get().fencingToken()).isEqualTo(before.fencingToken());
        assertThat(latch.isLeader()).isTrue();
        assertThat(other.isLeader()).isFalse();
    }

    @Test
    void contendsAgainWithANewNodeAfterItsSessionWasLost() {
        String path = place("lost");
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        LeaderLatch latch = latch(client, path, "a");
        Told told = new Told();
        latch.addListener(told);
        latch.await();
        soon().until(() -> told.events.size() == 1);
        LeaderLatch other = latch(client(), path, "b");
        soon().until(() -> other.participants().size() == 2);

        unplug(proxy);
        assertThat(other.await(SOON)).isTrue();
        assertThat(latch.isLeader()).isFalse();
        soon().until(() -> client.state() == SessionState.LOST);
        proxy.resume();
        soon().until(() -> other.participants().size() == 2);
        assertThat(other.participants()).extracting(Participant::id).containsExactly("b", "a");
        other.close();

        assertThat(latch.await(SOON)).isTrue();
        soon().until(() -> told.events.size() == 3);
        assertThat(told.events).containsExactly("is 1", "not 1", "is 2");
    }

    @Test
    void noticesThatSomebodyDeletedItsNode() {
        String path = place("deleted");
        CoordClient client = client();
        LeaderLatch latch = latch(client, path, "a");
        Told told = new Told();
        latch.addListener(told);
        latch.await();
        soon().until(() -> told.events.size() == 1);
        client.delete().forPath(latch.leadership().orElseThrow().path());

        soon().until(() -> told.events.size() == 3);
        assertThat(told.events).containsExactly("is 1", "not 1", "is 2");
        assertThat(latch.isLeader()).isTrue();
    }

    @Test
    void closesSilentlyOrTellsAsItWasAsked() {
        String path = place("modes");
        Told silent = new Told();
        LeaderLatch first = latch(client(), path, "first");
        first.addListener(silent);
        first.await();
        soon().until(() -> silent.events.size() == 1);
        first.close();
        Told loud = new Told();
        LeaderLatch second = new LeaderLatch(client(), path, "second", LeaderLatch.CloseMode.NOTIFY_LEADER).start();
        second.addListener(loud);
        second.await();
        second.close();

        soon().until(() -> loud.events.size() == 2);
        assertThat(loud.events).containsExactly("is 1", "not 1");
        assertThat(silent.events).containsExactly("is 1");
    }

    @Test
    void listenerThatComesLateIsToldOfThePresentLeadership() {
        LeaderLatch latch = latch(client(), place("late"), "a");
        latch.await();
        Told told = new Told();
        latch.addListener(told);

        soon().until(() -> told.events.size() == 1);
        assertThat(told.last.get()).isEqualTo(latch.leadership().orElseThrow());
    }

    @Test
    void waitingEndsWithItsTimeOrWithTheLatch() {
        String path = place("waiting");
        LeaderLatch leader = latch(client(), path, "leader");
        leader.await();
        LeaderLatch latch = latch(client(), path, "a");
        assertThat(latch.await(Duration.ofMillis(200))).isFalse();
        CompletableFuture<Boolean> waiter = onThread(() -> latch.await(SOON));
        CompletableFuture<Void> endless = onThread(() -> latch.await());
        latch.close();

        assertThat(get(waiter)).isFalse();
        assertThatThrownBy(() -> get(endless)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(latch::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void startsBeforeTheFirstConnectionAndClosesWithoutOne() {
        FaultProxy proxy = proxy();
        unplug(proxy);
        CoordClient client = client(proxy, LONG_SESSION);
        LeaderLatch latch = latch(client, place("lazy"), "a");
        LeaderLatch other = latch(client, place("lazy"), "b");
        other.close();
        assertThat(latch.isLeader()).isFalse();
        proxy.resume();

        assertThat(latch.await(SOON)).isTrue();
    }

    @Test
    void leadershipGoesBackAndForthBetweenCuratorAndCoord() throws Exception {
        String path = place("mixed");
        CoordClient client = client();
        CuratorFramework curator = curator();
        LeaderLatch coord = latch(client, path, "coord 0");
        coord.await();
        for (int round = 1; round <= 5; round++) {
            org.apache.curator.framework.recipes.leader.LeaderLatch curatorLatch =
                    new org.apache.curator.framework.recipes.leader.LeaderLatch(curator, path, "curator " + round);
            curatorLatch.start();
            LeaderLatch before = coord;
            soon().until(() -> before.participants().size() == 2);
            assertThat(curatorLatch.hasLeadership()).isFalse();
            assertThat(curatorLatch.getLeader().getId()).isEqualTo("coord " + (round - 1));
            LeaderLatch next = latch(client, path, "coord " + round);
            soon().until(() -> before.participants().size() == 3);

            before.close();
            assertThat(curatorLatch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(next.isLeader()).isFalse();
            assertThat(next.leader().orElseThrow().id()).isEqualTo("curator " + round);
            curatorLatch.close();
            assertThat(next.await(SOON)).isTrue();
            coord = next;
        }
    }

    @Test
    void leadershipWritesOnlyWhileItLastsAndTellsItsLoss() {
        String path = place("guarded");
        String stock = place("stock");
        CoordClient client = client();
        LeaderLatch latch = latch(client, path, "a");
        latch.await();
        Leadership leadership = latch.leadership().orElseThrow();
        assertThat(leadership.state()).isEqualTo(LeaseState.HELD);
        leadership.ensureHeld();
        assertThat(leadership.guarded(client.transactionOp().create().forPath(stock)))
                .hasSize(1);
        CompletableFuture<Leadership> told = new CompletableFuture<>();
        leadership.onLost(told::complete);
        client.delete().forPath(leadership.path());
        assertThatThrownBy(
                        () -> leadership.guarded(client.transactionOp().delete().forPath(stock)))
                .isInstanceOf(LeaseLostException.class);

        assertThat(get(told)).isSameAs(leadership);
        assertThat(leadership.state()).isEqualTo(LeaseState.LOST);
        assertThatThrownBy(leadership::ensureHeld).isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> get(leadership
                        .guardedAsync(client.transactionOp().delete().forPath(stock))
                        .toCompletableFuture()))
                .isInstanceOf(LeaseLostException.class);
        CompletableFuture<Leadership> late = new CompletableFuture<>();
        leadership.onLost(late::complete);
        assertThat(get(late)).isSameAs(leadership);
        assertThat(client.checkExists().forPath(stock)).isNotNull();
    }

    @Test
    void leadershipOfAClosedLatchIsReleasedNotLost() {
        LeaderLatch latch = latch(client(), place("released"), "a");
        latch.await();
        Leadership leadership = latch.leadership().orElseThrow();
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        leadership.onLost(lost -> told.add("lost"));
        latch.close();

        soon().until(() -> leadership.state() == LeaseState.RELEASED);
        assertThat(told).isEmpty();
    }

    @Test
    void breakOfTheConnectionDoesNotInterruptWhereThePolicyToleratesIt() {
        FaultProxy proxy = proxy();
        CoordClient client = closing(CoordClient.builder()
                .connectString(proxy.connectString())
                .sessionTimeout(LONG_SESSION)
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(50), Duration.ofMillis(200), 0.5))
                .connectionStateErrorPolicy(ConnectionStateErrorPolicy.SESSION)
                .build());
        client.start();
        LeaderLatch latch = latch(client, place("tolerant"), "a");
        Told told = new Told();
        latch.addListener(told);
        Lease lease = new Mutex(client, place("tolerant-lock")).acquire();
        CompletableFuture<Void> mayEnd = new CompletableFuture<>();
        LeaderSelector selector = closing(
                        new LeaderSelector(client, place("tolerant-selector"), "a", leadership -> mayEnd.join()))
                .start();
        latch.await();
        soon().until(selector::hasLeadership);
        unplug(proxy);
        soon().until(() -> client.state() == SessionState.SUSPENDED);

        assertThat(latch.isLeader()).isTrue();
        assertThat(selector.hasLeadership()).isTrue();
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        proxy.resume();
        soon().until(() -> client.state() == SessionState.CONNECTED);
        lease.guarded(client.transactionOp().create().forPath(place("after")));
        assertThat(latch.isLeader()).isTrue();
        assertThat(told.events).containsExactly("is 1");
        mayEnd.complete(null);
        lease.release();
    }
}
