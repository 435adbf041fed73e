package io.coord.recipes.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.session.SessionState;
import io.coord.recipes.lock.LeaseLostException;
import io.coord.recipes.lock.LeaseState;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.junit.jupiter.api.Test;

abstract class LeaderSelectorContract extends RecipeContract {
    private static final Duration SHORT_SESSION = Duration.ofSeconds(1);
    private static final Duration LONG_SESSION = Duration.ofSeconds(12);

    /** A task that leads until it is told to stop or interrupted, and says what happened. */
    private static final class Told implements LeaderTask {
        final BlockingQueue<Leadership> begun = new LinkedBlockingQueue<>();
        final List<String> events = Collections.synchronizedList(new ArrayList<>());
        final BlockingQueue<String> mayEnd = new LinkedBlockingQueue<>();

        @Override
        public void takeLeadership(Leadership leadership) throws InterruptedException {
            events.add("leads " + leadership.generation());
            begun.add(leadership);
            try {
                mayEnd.take();
                events.add("ends " + leadership.generation());
            } catch (InterruptedException e) {
                events.add("interrupted " + leadership.generation());
                throw e;
            }
        }

        Leadership next() {
            return get(CompletableFuture.supplyAsync(() -> {
                try {
                    return begun.poll(SOON.toSeconds(), TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
    }

    private LeaderSelector selector(CoordClient client, String path, String id, LeaderTask task) {
        return closing(new LeaderSelector(client, path, id, task));
    }

    @Test
    void leadsWhileItsTaskRunsThenTheNextDoes() {
        String path = place("turns");
        Told first = new Told();
        Told second = new Told();
        LeaderSelector one = selector(client(), path, "one", first).start();
        Leadership leadership = first.next();
        assertThat(leadership.generation()).isEqualTo(1);
        assertThat(one.hasLeadership()).isTrue();
        assertThat(one.leadership()).contains(leadership);
        LeaderSelector two = selector(client(), path, "two", second).start();
        soon().until(() -> two.participants().size() == 2);
        assertThat(two.participants()).extracting(Participant::id).containsExactly("one", "two");
        assertThat(two.leader().orElseThrow().id()).isEqualTo("one");
        assertThat(one.requeue()).isFalse();
        first.mayEnd.add("now");

        Leadership successor = second.next();
        assertThat(successor.fencingToken()).isGreaterThan(leadership.fencingToken());
        soon().until(() -> leadership.state() == LeaseState.RELEASED);
        assertThat(one.hasLeadership()).isFalse();
        soon().until(one::requeue);
        soon().until(() -> two.participants().size() == 2);
        second.mayEnd.add("now");
        assertThat(first.next().generation()).isEqualTo(2);
    }

    @Test
    void requeuesItselfWhenToldTo() {
        String path = place("auto");
        Told told = new Told();
        LeaderSelector selector =
                selector(client(), path, "a", told).autoRequeue().start();
        told.mayEnd.addAll(List.of("1", "2"));

        assertThat(told.next().generation()).isEqualTo(1);
        assertThat(told.next().generation()).isEqualTo(2);
        assertThat(told.next().generation()).isEqualTo(3);
        get(selector.closeAsync().toCompletableFuture());
        assertThat(told.events).containsExactly("leads 1", "ends 1", "leads 2", "ends 2", "leads 3", "interrupted 3");
        CoordClient looker = client();
        soon().until(() -> looker.checkExists().forPath(path) == null);
        assertThatThrownBy(selector::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void interruptedTaskGivesUpLeadership() {
        String path = place("interrupted");
        Told told = new Told();
        LeaderSelector selector = selector(client(), path, "a", told).start();
        Leadership leadership = told.next();
        selector.interruptLeadership();

        soon().until(() -> leadership.state() == LeaseState.RELEASED);
        assertThat(told.events).containsExactly("leads 1", "interrupted 1");
        assertThat(selector.participants()).isEmpty();
    }

    @Test
    void taskThatFailsGivesUpLeadershipAndThePathGoesOn() {
        String path = place("failing");
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(3);
        selector(client(), path, "a", leadership -> {
                    runs.incrementAndGet();
                    third.countDown();
                    throw new java.io.IOException("it always fails");
                })
                .autoRequeue()
                .start();

        soon().until(() -> third.getCount() == 0);
    }

    @Test
    void lostSessionInterruptsTheTaskAndItsGuardedWritesAreRefused() {
        String path = place("lost");
        String stock = place("stock");
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        CoordClient other = client();
        Told told = new Told();
        LeaderSelector selector =
                selector(client, path, "a", told).autoRequeue().start();
        Leadership leadership = told.next();
        leadership.guarded(client.transactionOp().create().forPath(stock));
        Told successor = new Told();
        selector(other, path, "b", successor).start();
        soon().until(() -> selector.participants().size() == 2);
        unplug(proxy);

        successor.next();
        soon().until(() -> told.events.contains("interrupted 1"));
        assertThat(selector.hasLeadership()).isFalse();
        soon().until(() -> client.state() == SessionState.LOST);
        proxy.resume();
        soon().until(() -> client.state() == SessionState.CONNECTED);
        assertThatThrownBy(
                        () -> leadership.guarded(client.transactionOp().delete().forPath(stock)))
                .isInstanceOf(LeaseLostException.class);
        assertThat(other.checkExists().forPath(stock)).isNotNull();
        successor.mayEnd.add("now");
        assertThat(told.next().generation()).isEqualTo(2);
    }

    @Test
    void leaderThatIsCutOffStopsAndLetsOthersLeadWhenItIsBack() {
        String path = place("suspended");
        FaultProxy proxy = proxy();
        Told told = new Told();
        selector(client(proxy, LONG_SESSION), path, "a", told).start();
        told.next();
        unplug(proxy);
        soon().until(() -> told.events.contains("interrupted 1"));
        Told successor = new Told();
        selector(client(), path, "b", successor).start();
        proxy.resume();

        successor.next();
    }

    @Test
    void leadershipEndsWhenItsTaskCannotBeStarted() {
        String path = place("no-thread");
        AtomicInteger refusals = new AtomicInteger();
        Told told = new Told();
        LeaderSelector selector = closing(new LeaderSelector(client(), path, "a", told, work -> {
                    if (refusals.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    onThread(work);
                }))
                .autoRequeue()
                .start();

        assertThat(told.next().generation()).isEqualTo(2);
        told.mayEnd.add("now");
        assertThat(told.next().generation()).isEqualTo(3);
        selector.close();
    }

    @Test
    void closingOneThatWaitsTakesItOutOfTheQueue() {
        String path = place("gives-up");
        Told told = new Told();
        LeaderSelector leader = selector(client(), path, "a", told).start();
        told.next();
        for (int i = 0; i < 20; i++) {
            LeaderSelector waiter =
                    selector(client(), path, "b", leadership -> {}).start();
            soon().until(() -> leader.participants().size() == 2);
            get(waiter.closeAsync().toCompletableFuture());

            assertThat(leader.participants()).hasSize(1);
        }
    }

    @Test
    void selectorsOfBothKindsLeadOneAtATime() throws Exception {
        String path = place("mixed");
        AtomicInteger leading = new AtomicInteger();
        AtomicInteger violations = new AtomicInteger();
        AtomicInteger coordTurns = new AtomicInteger();
        AtomicInteger curatorTurns = new AtomicInteger();
        Runnable lead = () -> {
            if (leading.incrementAndGet() > 1) {
                violations.incrementAndGet();
            }
            for (int i = 0; i < 2000; i++) {
                Thread.onSpinWait();
            }
            leading.decrementAndGet();
        };
        for (int i = 0; i < 2; i++) {
            selector(client(), path, "coord " + i, leadership -> {
                        lead.run();
                        coordTurns.incrementAndGet();
                    })
                    .autoRequeue()
                    .start();
            org.apache.curator.framework.recipes.leader.LeaderSelector curator =
                    new org.apache.curator.framework.recipes.leader.LeaderSelector(
                            curator(), path, new LeaderSelectorListenerAdapter() {
                                @Override
                                public void takeLeadership(CuratorFramework client) {
                                    lead.run();
                                    curatorTurns.incrementAndGet();
                                }
                            });
            curator.setId("curator " + i);
            curator.autoRequeue();
            curator.start();
            closing(curator);
        }

        soon().until(() -> coordTurns.get() > 20 && curatorTurns.get() > 20);
        assertThat(violations).hasValue(0);
    }

    @Test
    void curatorSeesOurSelectorsAndWeSeeCurators() throws Exception {
        String path = place("seen");
        Told told = new Told();
        LeaderSelector coord = selector(client(), path, "coord", told).start();
        told.next();
        org.apache.curator.framework.recipes.leader.LeaderSelector curator =
                new org.apache.curator.framework.recipes.leader.LeaderSelector(
                        curator(), path, new LeaderSelectorListenerAdapter() {
                            @Override
                            public void takeLeadership(CuratorFramework client) throws InterruptedException {
                                new CountDownLatch(1).await();
                            }
                        });
        curator.setId("curator");
        curator.start();
        closing(curator);
        soon().until(() -> coord.participants().size() == 2);

        assertThat(coord.participants()).extracting(Participant::id).containsExactly("coord", "curator");
        assertThat(curator.getLeader().getId()).isEqualTo("coord");
        told.mayEnd.add("now");
        soon().until(() -> coord.leader().map(Participant::id).equals(java.util.Optional.of("curator")));
        soon().until(curator::hasLeadership);
    }
}
