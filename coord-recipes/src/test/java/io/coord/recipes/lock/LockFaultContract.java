package io.coord.recipes.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.session.Registration;
import io.coord.client.session.SessionState;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Locks when the network, the session or the lock's znode goes away. */
abstract class LockFaultContract extends RecipeContract {
    private static final Duration SHORT_SESSION = Duration.ofSeconds(1);
    private static final Duration LONG_SESSION = Duration.ofSeconds(12);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void lostSessionMakesTheLeaseSuspectThenLostAndItsGuardedWritesAreRefused() {
        String path = place("lost");
        String stock = place("stock");
        CoordClient other = client();
        other.create().forPath(stock, bytes("10"));
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        Mutex mutex = new Mutex(client, path);
        Lease lease = mutex.acquire();
        AtomicInteger told = new AtomicInteger();
        lease.onLost(lost -> told.incrementAndGet());
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);

        unplug(proxy);
        soon().until(() -> lease.state() == LeaseState.SUSPECT);
        assertThatThrownBy(lease::ensureHeld)
                .isInstanceOfSatisfying(
                        LeaseLostException.class, e -> assertThat(e.state()).isEqualTo(LeaseState.SUSPECT));
        try (Lease successor = new Mutex(other, path).acquire()) {
            assertThat(successor.fencingToken()).isGreaterThan(lease.fencingToken());
            soon().until(() -> lease.state() == LeaseState.LOST);
            soon().until(() -> told.get() == 1);
            proxy.resume();
            soon().until(() -> client.state() == SessionState.CONNECTED);
            assertThatThrownBy(
                            () -> lease.guarded(client.transactionOp().setData().forPath(stock, bytes("9"))))
                    .isInstanceOf(LeaseLostException.class);
            assertThat(other.getData().forPath(stock)).isEqualTo(bytes("10"));
        }
        assertThat(mutex.isHeldByCurrentThread()).isFalse();
        lease.release();
        assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
        assertThat(told).hasValue(1);
        mutex.acquire().release();
    }

    @Test
    void serversRefuseTheGuardedWriteOfAHolderThatHasNotNoticedItsLoss() {
        String path = place("unnoticed");
        String stock = place("stock");
        CoordClient client = client();
        CoordClient other = client();
        other.create().forPath(stock, bytes("10"));
        Lease lease = new Mutex(client, path).acquire();
        other.delete().forPath(lease.path());
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);

        assertThatThrownBy(() -> lease.guarded(client.transactionOp().setData().forPath(stock, bytes("9"))))
                .isInstanceOf(LeaseLostException.class);

        assertThat(other.getData().forPath(stock)).isEqualTo(bytes("10"));
        soon().until(() -> lease.state() == LeaseState.LOST);
        CompletableFuture<Lease> told = new CompletableFuture<>();
        lease.onLost(told::complete);
        assertThat(get(told)).isSameAs(lease);
    }

    @Test
    void guardedWritesHappenTogetherWhileTheLockIsHeld() {
        String stock = place("stock");
        CoordClient client = client();
        client.create().forPath(stock, bytes("10"));
        try (Lease lease = new Mutex(client, place("held")).acquire()) {
            assertThat(lease.guarded(
                            client.transactionOp().setData().forPath(stock, bytes("9")),
                            client.transactionOp().create().forPath(stock + "/sale")))
                    .hasSize(2);
            assertThat(get(lease.guardedAsync(client.transactionOp().delete().forPath(stock + "/sale"))
                            .toCompletableFuture()))
                    .hasSize(1);
            assertThatThrownBy(() -> lease.guarded(
                            client.transactionOp().setData().forPath(stock, bytes("8")),
                            client.transactionOp().create().forPath(stock)))
                    .isInstanceOfSatisfying(TransactionFailedException.class, e -> {
                        assertThat(e.failedIndex()).isEqualTo(1);
                        assertThat(e.failure()).isInstanceOf(NodeExistsException.class);
                    });
        }
        assertThat(client.getData().forPath(stock)).isEqualTo(bytes("9"));
    }

    @Test
    void guardedWriteOfAReleasedLeaseIsRefused() {
        CoordClient client = client();
        Lease lease = new Mutex(client, place("released")).acquire();
        lease.release();

        assertThatThrownBy(() -> lease.guarded(client.transactionOp().create().forPath(place("never"))))
                .isInstanceOfSatisfying(
                        LeaseLostException.class, e -> assertThat(e.state()).isEqualTo(LeaseState.RELEASED));
    }

    @Test
    void listenerIsToldAtOnceWhenSomebodyDeletesTheLocksNode() {
        CoordClient client = client();
        Lease lease = new Mutex(client, place("deleted")).acquire();
        CompletableFuture<Lease> told = new CompletableFuture<>();
        lease.onLost(told::complete);
        // The first deletion may come before the watch: then the arming of the watch tells.
        client().delete().forPath(lease.path());

        assertThat(get(told)).isSameAs(lease);
        assertThat(lease.state()).isEqualTo(LeaseState.LOST);
    }

    @Test
    void withdrawnListenerIsNotTold() {
        CoordClient client = client();
        Lease lease = new Mutex(client, place("withdrawn")).acquire();
        AtomicInteger told = new AtomicInteger();
        Registration registration = lease.onLost(lost -> told.incrementAndGet());
        registration.close();
        CompletableFuture<Lease> other = new CompletableFuture<>();
        lease.onLost(other::complete);
        client.delete().forPath(lease.path());
        get(other);

        assertThat(told).hasValue(0);
    }

    @Test
    void leaseIsHeldAgainAfterAShortCut() {
        FaultProxy proxy = proxy();
        Lease lease = new Mutex(client(proxy, LONG_SESSION), place("cut")).acquire();
        unplug(proxy);
        soon().until(() -> lease.state() == LeaseState.SUSPECT);
        proxy.resume();

        soon().until(() -> lease.state() == LeaseState.HELD);
        lease.ensureHeld();
    }

    @Test
    void leaseIsSuspectBeforeTheServersCouldHaveGivenTheLockAway() {
        String path = place("silent");
        FaultProxy proxy = proxy();
        Lease lease = new Mutex(client(proxy, SHORT_SESSION), path).acquire();
        CompletableFuture<LeaseState> seen = new Mutex(client(), path)
                .acquireAsync()
                .thenApply(successor -> lease.state())
                .toCompletableFuture();
        // Nobody is told that the connection is dead.
        proxy.blackhole();

        assertThat(get(seen)).isIn(LeaseState.SUSPECT, LeaseState.LOST);
    }

    @Test
    void releaseWithoutAConnectionReturnsAtOnceAndHappensLater() {
        String path = place("offline");
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, LONG_SESSION);
        Mutex mutex = new Mutex(client, path);
        Lease lease = mutex.acquire();
        CoordClient other = client();
        unplug(proxy);
        soon().until(() -> lease.state() == LeaseState.SUSPECT);

        long start = System.nanoTime();
        lease.release();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
        assertThat(other.getChildren().forPath(path)).hasSize(1);
        CompletableFuture<Void> gone = lease.releaseAsync().toCompletableFuture();
        assertThat(gone).isNotDone();
        CompletableFuture<Lease> again = mutex.acquireAsync().toCompletableFuture();

        proxy.resume();
        get(gone);
        Lease second = get(again);
        assertThat(client.sessionId()).isEqualTo(sessionOf(other, path));
        assertThat(other.getChildren().forPath(path))
                .containsExactly(second.path().substring(path.length() + 1));
        second.release();
    }

    private static long sessionOf(CoordClient client, String path) {
        List<LockParticipant> queue = new LockQueue(client, path).participants();
        assertThat(queue).hasSize(1);
        return queue.get(0).sessionId();
    }

    @Test
    void releaseWithoutAConnectionIsOverWhenTheSessionIs() {
        FaultProxy proxy = proxy();
        Lease lease = new Mutex(client(proxy, SHORT_SESSION), place("gone")).acquire();
        unplug(proxy);
        CompletableFuture<Void> gone = lease.releaseAsync().toCompletableFuture();

        get(gone);
    }

    @Test
    void waiterKeepsWaitingAfterItsSessionWasLost() {
        String path = place("waiter");
        Lease held = new Mutex(client(), path).acquire();
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        CompletableFuture<Lease> waiting =
                new Mutex(client, path).acquireAsync().toCompletableFuture();
        CoordClient looker = client();
        soon().until(() -> looker.getChildren().forPath(path).size() == 2);
        long firstSession = client.sessionId();
        unplug(proxy);
        soon().until(() -> client.state() == SessionState.LOST);
        proxy.resume();
        soon().until(() -> client.state() == SessionState.CONNECTED && client.sessionId() != firstSession);
        soon().until(() -> new LockQueue(looker, path)
                .participants().stream().anyMatch(node -> node.sessionId() == client.sessionId()));
        assertThat(waiting).isNotDone();

        held.release();
        Lease lease = get(waiting);
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        lease.release();
    }

    @Test
    void waiterThatMissedItsEventEntersAfterTheReconnect() {
        String path = place("missed");
        Lease held = new Mutex(client(), path).acquire();
        FaultProxy proxy = proxy();
        CompletableFuture<Lease> waiting =
                new Mutex(client(proxy, LONG_SESSION), path).acquireAsync().toCompletableFuture();
        CoordClient looker = client();
        soon().until(() -> looker.getChildren().forPath(path).size() == 2);
        unplug(proxy);
        held.release();
        proxy.resume();

        get(waiting).release();
    }

    @Test
    void keepsTheDeadlineWhenTheServersAreSilent() {
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, LONG_SESSION);
        client.blockUntilConnected(SOON);
        unplug(proxy);
        soon().until(() -> client.state() != SessionState.CONNECTED);
        Mutex mutex = new Mutex(client, place("deadline"));
        Duration wait = Duration.ofMillis(400);
        long start = System.nanoTime();

        assertThatThrownBy(() -> mutex.acquire(wait)).isInstanceOf(RequestTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(wait, wait.plusSeconds(1));
    }

    @Test
    void givesUpInTimeWhenTheServersFallSilentAndRemovesItsNodeLater() {
        String path = place("half-open");
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, LONG_SESSION);
        client.blockUntilConnected(SOON);
        // The creation arrives, its answer does not.
        proxy.blackhole(FaultProxy.Direction.SERVER_TO_CLIENT);
        Duration wait = Duration.ofMillis(400);
        long start = System.nanoTime();

        assertThat(new Mutex(client, path).acquire(wait)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(wait, wait.plusSeconds(1));
        proxy.resume();
        CoordClient looker = client();
        soon().until(() -> looker.checkExists().forPath(path) == null
                || looker.getChildren().forPath(path).isEmpty());
        new Mutex(looker, path).acquire(SOON).orElseThrow().release();
    }

    @Test
    void waitsForTheFirstConnection() {
        FaultProxy proxy = proxy();
        unplug(proxy);
        CoordClient client = client(proxy, LONG_SESSION);
        CompletableFuture<Lease> waiting =
                new Mutex(client, place("lazy")).acquireAsync().toCompletableFuture();
        assertThat(waiting).isNotDone();
        proxy.resume();

        get(waiting).release();
    }

    @Test
    void closedClientEndsWaitingAndHolding() {
        String path = place("closed");
        CoordClient client = client();
        Lease lease = new Mutex(client, path).acquire();
        CompletableFuture<Lease> waiting =
                new Mutex(client, path).acquireAsync().toCompletableFuture();
        soon().until(() -> new LockQueue(client, path).participants().size() == 2);
        client.close();

        assertThatThrownBy(() -> get(waiting)).isInstanceOf(io.coord.client.error.ClientClosedException.class);
        soon().until(() -> lease.state() == LeaseState.LOST);
        lease.release();
        CoordClient looker = client();
        soon().until(() -> looker.checkExists().forPath(path) == null);
    }

    @Test
    void writerWhoseNodeWasDeletedKeepsNoPlaceForAReader() {
        String path = place("no-downgrade");
        CoordClient client = client();
        CoordClient other = client();
        ReadWriteLock lock = new ReadWriteLock(client, path);
        Lease write = lock.writeLock().acquire();
        CompletableFuture<Lease> nextWriter =
                new ReadWriteLock(other, path).writeLock().acquireAsync().toCompletableFuture();
        soon().until(() -> other.getChildren().forPath(path).size() == 2);
        // Nobody watches the writer's node on this side, so it still counts as held here.
        other.delete().forPath(write.path());
        Lease next = get(nextWriter);
        assertThat(write.state()).isEqualTo(LeaseState.HELD);

        assertThat(lock.readLock().acquire(Duration.ofMillis(300))).isEmpty();
        assertThat(next.state()).isEqualTo(LeaseState.HELD);
        next.release();
        lock.readLock().acquire().release();
    }
}
