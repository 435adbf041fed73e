package io.coord.recipes.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.NoNodeException;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.junit.jupiter.api.Test;

abstract class BarrierContract extends RecipeContract {
    private static final Duration A_WHILE = Duration.ofMillis(300);
    private static final Duration SHORT_SESSION = Duration.ofSeconds(1);
    private static final Duration LONG_SESSION = Duration.ofSeconds(12);

    private static long members(CoordClient client, String path) {
        try {
            return client.getChildren().forPath(path).stream()
                    .filter(name -> !name.equals("ready"))
                    .count();
        } catch (NoNodeException e) {
            return 0;
        }
    }

    // ---- barrier

    @Test
    void waitersPassWhenTheBarrierIsRemoved() {
        String path = place("gate") + "/inner";
        CoordClient client = client();
        Barrier barrier = new Barrier(client, path);
        barrier.await();
        barrier.set();
        barrier.set();
        assertThat(barrier.isSet()).isTrue();
        assertThat(barrier.await(A_WHILE)).isFalse();
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(new Barrier(client(), path).awaitAsync().toCompletableFuture());
        }
        CompletableFuture<Void> blocked = onThread(() -> barrier.await());
        assertThat(blocked).isNotDone();
        barrier.remove();
        barrier.remove();

        waiting.forEach(each -> assertThat(get(each)).isTrue());
        get(blocked);
        assertThat(barrier.isSet()).isFalse();
        soon().until(() -> client.watchCount() == 0);
    }

    @Test
    void waiterWhoGivesUpLeavesNoWatchBehind() {
        CoordClient client = client();
        Barrier barrier = new Barrier(client, place("given-up"));
        barrier.set();
        AtomicReference<Thread> waiter = new AtomicReference<>();
        CompletableFuture<Boolean> interrupted = onThread(() -> {
            waiter.set(Thread.currentThread());
            assertThatThrownBy(barrier::await).isInstanceOf(CallInterruptedException.class);
            return Thread.interrupted();
        });
        CompletableFuture<Boolean> cancelled = barrier.awaitAsync().toCompletableFuture();
        soon().until(() -> client.watchCount() > 0 && waiter.get() != null);
        cancelled.cancel(true);
        waiter.get().interrupt();
        assertThat(get(interrupted)).isTrue();

        soon().until(() -> client.watchCount() == 0);
    }

    @Test
    void waiterThatMissedTheRemovalPassesAfterTheReconnect() {
        String path = place("missed");
        Barrier barrier = new Barrier(client(), path);
        barrier.set();
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        CompletableFuture<Boolean> waiting =
                new Barrier(client, path).awaitAsync().toCompletableFuture();
        soon().until(() -> client.watchCount() == 1);
        unplug(proxy);
        barrier.remove();
        assertThat(waiting).isNotDone();
        proxy.resume();

        assertThat(get(waiting)).isTrue();
    }

    @Test
    void barriersOfBothKindsAreOne() throws Exception {
        String path = place("mixed");
        Barrier coord = new Barrier(client(), path);
        DistributedBarrier curator = new DistributedBarrier(curator(), path);
        coord.set();
        assertThat(curator.waitOnBarrier(A_WHILE.toMillis(), TimeUnit.MILLISECONDS))
                .isFalse();
        CompletableFuture<Boolean> theirs = onThread(() -> {
            try {
                return curator.waitOnBarrier(SOON.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        coord.remove();
        assertThat(get(theirs)).isTrue();

        curator.setBarrier();
        assertThat(coord.isSet()).isTrue();
        CompletableFuture<Boolean> ours = coord.awaitAsync().toCompletableFuture();
        curator.removeBarrier();
        assertThat(get(ours)).isTrue();
    }

    // ---- double barrier

    @Test
    void membersBeginAndEndTogether() {
        String path = place("double");
        CoordClient looker = client();
        int quantity = 4;
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger gone = new AtomicInteger();
        List<CompletableFuture<Void>> members = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            inside.set(0);
            gone.set(0);
            members.clear();
            for (int i = 0; i < quantity; i++) {
                DoubleBarrier barrier = new DoubleBarrier(looker, path, quantity);
                int number = i;
                members.add(onThread(() -> {
                    barrier.enter();
                    assertThat(inside.incrementAndGet()).isBetween(1, quantity);
                    if (number == 0) {
                        soon().until(() -> inside.get() == quantity);
                        assertThat(gone).hasValue(0);
                    }
                    barrier.leave();
                    assertThat(inside).hasValue(quantity);
                    gone.incrementAndGet();
                }));
            }
            members.forEach(RecipeContract::get);
        }
        soon().until(() -> looker.watchCount() == 0);
        soon().until(() -> looker.checkExists().forPath(path) == null);
    }

    @Test
    void tooFewMembersWaitAndWhoGivesUpIsWithdrawn() {
        String path = place("few");
        CoordClient client = client();
        DoubleBarrier barrier = new DoubleBarrier(client, path, 2);
        long start = System.nanoTime();
        assertThat(barrier.enter(A_WHILE)).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(A_WHILE, A_WHILE.plusSeconds(2));
        soon().until(() -> members(client, path) == 0);
        CompletableFuture<Boolean> cancelled = barrier.enterAsync().toCompletableFuture();
        soon().until(() -> members(client, path) == 1);
        assertThatThrownBy(barrier::enter).isInstanceOf(IllegalStateException.class);
        cancelled.cancel(true);
        soon().until(() -> members(client, path) == 0);

        CompletableFuture<Boolean> one = barrier.enterAsync().toCompletableFuture();
        DoubleBarrier other = new DoubleBarrier(client(), path, 2);
        assertThat(other.enter(SOON)).isTrue();
        assertThat(get(one)).isTrue();
        assertThatThrownBy(barrier::enter).isInstanceOf(IllegalStateException.class);
        assertThat(barrier.leave(A_WHILE)).isFalse();
        other.leave();
        barrier.leave();
    }

    @Test
    void lostMemberNeitherOpensNorHoldsUp() {
        String path = place("lost-member");
        CoordClient looker = client();
        FaultProxy proxy = proxy();
        DoubleBarrier lost = new DoubleBarrier(client(proxy, SHORT_SESSION), path, 2);
        CompletableFuture<Boolean> waiting = lost.enterAsync().toCompletableFuture();
        soon().until(() -> members(looker, path) == 1);
        unplug(proxy);
        soon().until(() -> members(looker, path) == 0);
        DoubleBarrier other = new DoubleBarrier(looker, path, 2);
        assertThat(other.enter(A_WHILE)).isFalse();
        CompletableFuture<Boolean> entering = other.enterAsync().toCompletableFuture();
        proxy.resume();
        assertThat(get(waiting)).isTrue();
        assertThat(get(entering)).isTrue();
        CompletableFuture<Boolean> leaving = other.leaveAsync().toCompletableFuture();
        unplug(proxy);

        assertThat(get(leaving)).isTrue();
        proxy.resume();
        assertThat(lost.leave(SOON)).isTrue();
    }

    @Test
    void memberThatMissedTheOpeningEntersAfterTheReconnect() {
        String path = place("missed-opening");
        CoordClient looker = client();
        FaultProxy proxy = proxy();
        DoubleBarrier cut = new DoubleBarrier(client(proxy, LONG_SESSION), path, 2);
        CompletableFuture<Boolean> entering = cut.enterAsync().toCompletableFuture();
        soon().until(() -> members(looker, path) == 1);
        unplug(proxy);
        DoubleBarrier other = new DoubleBarrier(looker, path, 2);
        other.enter();
        assertThat(entering).isNotDone();
        CompletableFuture<Boolean> leaving = other.leaveAsync().toCompletableFuture();
        soon().until(() -> members(looker, path) == 1);
        proxy.resume();

        assertThat(get(entering)).isTrue();
        cut.leave();
        assertThat(get(leaving)).isTrue();
    }

    @Test
    void membersOfBothKindsBeginAndEndTogether() {
        String path = place("mixed-double");
        int quantity = 4;
        for (int round = 0; round < 3; round++) {
            AtomicInteger inside = new AtomicInteger();
            List<CompletableFuture<Void>> members = new ArrayList<>();
            for (int i = 0; i < quantity / 2; i++) {
                DoubleBarrier coord = new DoubleBarrier(client(), path, quantity);
                DistributedDoubleBarrier curator = new DistributedDoubleBarrier(curator(), path, quantity);
                members.add(onThread(() -> {
                    assertThat(coord.enter(SOON)).isTrue();
                    inside.incrementAndGet();
                    assertThat(coord.leave(SOON)).isTrue();
                    assertThat(inside).hasValue(quantity);
                }));
                members.add(onThread(() -> {
                    try {
                        assertThat(curator.enter(SOON.toSeconds(), TimeUnit.SECONDS))
                                .isTrue();
                        inside.incrementAndGet();
                        assertThat(curator.leave(SOON.toSeconds(), TimeUnit.SECONDS))
                                .isTrue();
                        // Curator's member goes already when it sees one other that is left.
                        assertThat(inside).hasValueGreaterThanOrEqualTo(quantity - 1);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            members.forEach(RecipeContract::get);
        }
    }

    @Test
    void leavingWithoutTimeToWaitLeavesAllTheSame() {
        CoordClient client = client();
        CoordClient looker = client();
        for (int i = 0; i < 30; i++) {
            String path = place("in-no-time");
            DoubleBarrier barrier = new DoubleBarrier(client, path, 1);
            barrier.enter();
            barrier.leave(Duration.ZERO);

            soon().until(() -> members(looker, path) == 0);
        }
    }
}
