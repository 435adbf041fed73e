package io.coord.recipes.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.TransactionOp;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.session.SerialExecutor;
import io.coord.recipes.server.RecipeContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.recipes.locks.InterProcessMultiLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class MultiLockContract extends RecipeContract {
    private static final Duration A_WHILE = Duration.ofMillis(400);

    private String a;
    private String b;
    private String c;

    @BeforeEach
    void takePlaces() {
        a = place("a");
        b = place("b");
        c = place("c");
    }

    private static List<LockParticipant> queue(CoordClient client, String path) {
        return new LockQueue(client, path).participants();
    }

    @Test
    void takesAllInOrderAndReleasesThemInReverse() {
        CoordClient client = client();
        MultiLease lease = MultiLock.ofMutexes(client, List.of(a, b, c)).acquire();
        List<Lease> each = lease.leases();
        assertThat(each.get(0).fencingToken()).isLessThan(each.get(1).fencingToken());
        assertThat(each.get(1).fencingToken()).isLessThan(each.get(2).fencingToken());
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        List<String> gone = java.util.Collections.synchronizedList(new ArrayList<>());
        SerialExecutor inOrder = client.serialExecutor();
        for (String path : List.of(a, b, c)) {
            client.getChildren().usingWatcher(event -> gone.add(path), inOrder).forPath(path);
        }
        lease.release();

        soon().until(() -> gone.size() == 3);
        assertThat(gone).containsExactly(c, b, a);
        assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    }

    @Test
    void guardedWritesAreRefusedOnceOneLeaseIsReleasedThoughItsLockIsStillHeld() {
        CoordClient client = client();
        Mutex second = new Mutex(client, b);
        MultiLease lease = new MultiLock(List.of(new Mutex(client, a), second)).acquire();
        Lease again = second.acquire();
        lease.leases().get(1).release();

        assertThatThrownBy(() -> lease.guarded(client.transactionOp().create().forPath(c)))
                .isInstanceOf(LeaseLostException.class);
        assertThat(client.checkExists().forPath(c)).isNull();
        again.release();
        lease.release();
    }

    @Test
    void guardedWritesWithoutWaitingEndAsThoseThatWait() {
        CoordClient client = client();
        String stock = place("stock");
        MultiLease lease = MultiLock.ofMutexes(client, List.of(a, b, c)).acquire();
        TransactionOp create = client.transactionOp().create().forPath(stock);
        assertThat(get(lease.guardedAsync(create).toCompletableFuture())).hasSize(1);
        assertThat(lease.guarded(List.of(client.transactionOp().setData().forPath(stock))))
                .hasSize(1);
        assertThatThrownBy(() ->
                        get(lease.guardedAsync(client.transactionOp().setData().forPath(stock), create)
                                .toCompletableFuture()))
                .isInstanceOfSatisfying(
                        TransactionFailedException.class,
                        e -> assertThat(e.failedIndex()).isEqualTo(1));
        client().delete().forPath(lease.leases().get(2).path());
        assertThatThrownBy(() -> get(lease.guardedAsync(List.of(create)).toCompletableFuture()))
                .isInstanceOfSatisfying(
                        LeaseLostException.class,
                        e -> assertThat(e.path())
                                .isEqualTo(lease.leases().get(2).path()));
        lease.release();

        assertThatThrownBy(() -> get(lease.guardedAsync(create).toCompletableFuture()))
                .isInstanceOf(LeaseLostException.class);
    }

    @Test
    void givesBackWhatItHasWhenOneCannotBeHadInTime() {
        CoordClient client = client();
        Lease inTheWay = new Mutex(client(), b).acquire();
        MultiLock multi = MultiLock.ofMutexes(client, List.of(a, b, c));
        long start = System.nanoTime();
        assertThat(multi.acquire(A_WHILE)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(A_WHILE, A_WHILE.plusSeconds(2));
        assertThat(queue(client, a)).isEmpty();
        assertThat(queue(client, c)).isEmpty();
        assertThat(multi.tryAcquire()).isEmpty();
        assertThat(get(multi.acquireAsync(A_WHILE).toCompletableFuture())).isEmpty();
        soon().until(() -> queue(client, a).isEmpty() && queue(client, b).size() == 1);

        inTheWay.release();
        multi.tryAcquire().orElseThrow().release();
    }

    @Test
    void oneDeadlineHoldsForAll() {
        CoordClient client = client();
        Lease first = new Mutex(client(), a).acquire();
        Lease second = new Mutex(client(), b).acquire();
        Duration wait = Duration.ofMillis(900);
        MultiLock multi = MultiLock.ofMutexes(client, List.of(a, b));
        long start = System.nanoTime();
        CompletableFuture<Boolean> got = onThread(() -> multi.acquire(wait).isPresent());
        soon().until(() -> queue(client, a).size() == 2);
        first.release();

        assertThat(get(got)).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(wait, wait.plusMillis(800));
        second.release();
    }

    @Test
    void refusalOfOneLockGivesBackTheOthers() {
        CoordClient client = client();
        ReadWriteLock lock = new ReadWriteLock(client, b);
        lock.readLock().acquire();
        MultiLock multi = new MultiLock(List.of(new Mutex(client, a), lock.writeLock()));

        assertThatThrownBy(multi::acquire).isInstanceOf(LockUpgradeException.class);
        assertThat(queue(client, a)).isEmpty();
        lock.readLock().release();
        assertThatThrownBy(() -> new MultiLock(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cancelledCallGivesBackWhatItHas() {
        CoordClient client = client();
        Lease inTheWay = new Mutex(client(), b).acquire();
        CompletableFuture<MultiLease> waiting =
                MultiLock.ofMutexes(client, List.of(a, b)).acquireAsync().toCompletableFuture();
        soon().until(() -> queue(client, b).size() == 2);
        waiting.cancel(true);

        soon().until(() -> queue(client, a).isEmpty() && queue(client, b).size() == 1);
        inTheWay.release();
    }

    @Test
    void tellsTheFirstLossAndRefusesGuardedWritesAfterIt() {
        CoordClient client = client();
        String stock = place("stock");
        MultiLease lease =
                get(MultiLock.ofMutexes(client, List.of(a, b, c)).acquireAsync().toCompletableFuture());
        assertThat(lease.guarded(client.transactionOp().create().forPath(stock)))
                .hasSize(1);
        assertThatThrownBy(() -> lease.guarded(
                        client.transactionOp().setData().forPath(stock),
                        client.transactionOp().create().forPath(stock)))
                .isInstanceOfSatisfying(TransactionFailedException.class, e -> {
                    assertThat(e.failedIndex()).isEqualTo(1);
                    assertThat(e.failure()).isInstanceOf(NodeExistsException.class);
                });
        client().delete().forPath(lease.leases().get(1).path());
        assertThatThrownBy(() -> lease.guarded(client.transactionOp().delete().forPath(stock)))
                .isInstanceOfSatisfying(
                        LeaseLostException.class,
                        e -> assertThat(e.path())
                                .isEqualTo(lease.leases().get(1).path()));
        AtomicInteger told = new AtomicInteger();
        lease.onLost(lost -> told.incrementAndGet());
        soon().until(() -> told.get() == 1 && lease.state() == LeaseState.LOST);
        assertThat(client.checkExists().forPath(stock)).isNotNull();
        lease.release();
        assertThat(told).hasValue(1);
    }

    @Test
    void curatorsMultiLockAndOursExcludeEachOther() {
        List<String> paths = List.of(a, b);
        MultiLock coord = MultiLock.ofMutexes(client(), paths);
        InterProcessMultiLock curator = new InterProcessMultiLock(curator(), paths);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger violations = new AtomicInteger();
        Runnable critical = () -> {
            if (inside.incrementAndGet() > 1) {
                violations.incrementAndGet();
            }
            SharedResource.linger();
            inside.decrementAndGet();
        };
        CompletableFuture<Void> one = onThread(() -> {
            for (int i = 0; i < 30; i++) {
                try (MultiLease lease = coord.acquire(SOON).orElseThrow()) {
                    lease.ensureHeld();
                    critical.run();
                }
            }
        });
        CompletableFuture<Void> two = onThread(() -> {
            try {
                for (int i = 0; i < 30; i++) {
                    assertThat(curator.acquire(SOON.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                    critical.run();
                    curator.release();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        get(one);
        get(two);

        assertThat(violations).hasValue(0);
    }
}
