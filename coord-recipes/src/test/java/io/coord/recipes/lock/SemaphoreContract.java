package io.coord.recipes.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.NoNodeException;
import io.coord.client.session.SessionState;
import io.coord.recipes.counter.SharedCount;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.junit.jupiter.api.Test;

abstract class SemaphoreContract extends RecipeContract {
    private static final Duration SHORT_SESSION = Duration.ofSeconds(1);
    private static final Duration LONG_SESSION = Duration.ofSeconds(12);
    private static final Duration A_WHILE = Duration.ofMillis(300);

    private static List<String> permits(CoordClient client, String path) {
        return children(client, path + "/leases");
    }

    private static List<String> waiting(CoordClient client, String path) {
        return children(client, path + "/locks");
    }

    private static List<String> children(CoordClient client, String path) {
        try {
            return client.getChildren().forPath(path);
        } catch (NoNodeException e) {
            // An empty container is swept away.
            return List.of();
        }
    }

    private static void awaitWaiting(CoordClient client, String path, int waiting) {
        soon().until(() -> waiting(client, path).size() == waiting);
    }

    @Test
    void givesNoMorePermitsThanThereAreAndTheNextWhenOneIsReleased() {
        String path = place("permits");
        CoordClient client = client();
        Semaphore semaphore = new Semaphore(client, path, 2);
        Lease first = semaphore.acquire();
        Lease second = new Semaphore(client(), path, 2).acquire();
        assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());
        assertThat(semaphore.tryAcquire()).isEmpty();
        assertThat(semaphore.acquire(A_WHILE)).isEmpty();
        soon().until(() -> permits(client, path).size() == 2);
        CompletableFuture<Lease> third = semaphore.acquireAsync().toCompletableFuture();
        awaitWaiting(client, path, 1);
        assertThat(third).isNotDone();

        get(onThread(first::release));
        Lease lease = get(third);
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        assertThat(first.state()).isEqualTo(LeaseState.RELEASED);
        lease.guarded(client.transactionOp().create().forPath(place("guarded")));
        lease.release();
        second.release();
        soon().until(() -> client.watchCount() == 0);
        soon().until(() -> client.checkExists().forPath(path) == null);
    }

    @Test
    void servesWaitersInOrder() {
        String path = place("order");
        CoordClient looker = client();
        Lease held = new Semaphore(looker, path, 1).acquire();
        List<Integer> order = java.util.Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            waiting.add(new Semaphore(client(), path, 1)
                    .acquireAsync()
                    .thenAccept(lease -> {
                        order.add(number);
                        lease.releaseAsync();
                    })
                    .toCompletableFuture());
            awaitWaiting(looker, path, i + 1);
        }
        held.release();
        waiting.forEach(RecipeContract::get);

        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void severalPermitsAreAllOrNothingAndDoNotDeadlock() {
        String path = place("several");
        int limit = 5;
        AtomicInteger out = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Semaphore semaphore = new Semaphore(client(), path, limit);
            int wanted = 2 + i;
            workers.add(onThread(() -> {
                for (int round = 0; round < 15; round++) {
                    List<Lease> leases =
                            semaphore.acquire(wanted, SOON).orElseThrow(() -> new AssertionError("starves"));
                    assertThat(leases).hasSize(wanted);
                    most.accumulateAndGet(out.addAndGet(wanted), Math::max);
                    SharedResource.linger();
                    out.addAndGet(-wanted);
                    leases.forEach(Lease::release);
                }
            }));
        }
        workers.forEach(RecipeContract::get);

        assertThat(most.get()).isBetween(2, limit);
        Semaphore semaphore = new Semaphore(client(), path, limit);
        List<Lease> all = semaphore.acquire(5);
        assertThat(new Semaphore(client(), path, limit).tryAcquire(2)).isEmpty();
        assertThatThrownBy(() -> semaphore.acquire(6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> semaphore.acquire(0)).isInstanceOf(IllegalArgumentException.class);
        all.forEach(Lease::releaseAsync);
    }

    @Test
    void higherLimitLetsThoseInWhoWait() {
        Semaphore semaphore = new Semaphore(client(), place("limit"), 1);
        Lease first = semaphore.acquire();
        CompletableFuture<Lease> second = semaphore.acquireAsync().toCompletableFuture();
        soon().until(() -> semaphore.participants().size() == 2);
        assertThat(second).isNotDone();
        semaphore.limit(2);
        get(second).release();
        semaphore.limit(1);
        assertThat(first.state()).isEqualTo(LeaseState.HELD);
        first.release();
    }

    @Test
    void lowerLimitEndsTheWaitOfThoseWhoAskForMoreAndLetsTheRestGoOn() {
        String path = place("lowered");
        CoordClient client = client();
        Semaphore semaphore = new Semaphore(client, path, 3);
        Lease held = semaphore.acquire();
        CompletableFuture<List<Lease>> tooMany = semaphore.acquireAsync(3).toCompletableFuture();
        awaitWaiting(client, path, 1);
        CompletableFuture<Lease> behind = semaphore.acquireAsync().toCompletableFuture();
        awaitWaiting(client, path, 2);
        semaphore.limit(2);

        assertThatThrownBy(() -> get(tooMany)).isInstanceOf(IllegalArgumentException.class);
        get(behind).release();
        held.release();
        assertThat(permits(client, path)).isEmpty();
    }

    @Test
    void followsASharedCountThatCuratorSets() throws Exception {
        String countPath = place("count");
        CoordClient client = client();
        SharedCount count = closing(new SharedCount(client, countPath, 1)).start();
        assertThat(count.awaitReady(SOON)).isTrue();
        Semaphore semaphore = new Semaphore(client, place("counted"), count.get());
        count.addListener(semaphore::limit);
        Lease first = semaphore.acquire();
        CompletableFuture<Lease> second = semaphore.acquireAsync().toCompletableFuture();
        soon().until(() -> semaphore.participants().size() == 2);
        assertThat(second).isNotDone();
        org.apache.curator.framework.recipes.shared.SharedCount theirs =
                closing(new org.apache.curator.framework.recipes.shared.SharedCount(curator(), countPath, 1));
        theirs.start();
        theirs.setCount(2);

        get(second).release();
        first.release();
    }

    @Test
    void showsHoldersAndWaiters() {
        String path = place("view");
        Semaphore semaphore = new Semaphore(client(), path, 1);
        Lease lease = semaphore.forPurpose("import").acquire();
        CompletableFuture<Lease> next = semaphore.acquireAsync().toCompletableFuture();
        soon().until(() -> semaphore.participants().size() == 2);
        CompletableFuture<Lease> last =
                new Semaphore(client(), path, 1).acquireAsync().toCompletableFuture();
        soon().until(() -> semaphore.participants().size() == 3);

        List<LockParticipant> seen = semaphore.participants();
        assertThat(seen).extracting(LockParticipant::holding).containsExactly(true, false, false);
        assertThat(seen.get(0).kind()).isEqualTo(LockParticipant.Kind.PERMIT);
        assertThat(seen.get(0).path()).isEqualTo(lease.path());
        assertThat(seen.get(0).holder().orElseThrow().purpose()).isEqualTo("import");
        assertThat(seen.get(1).waitsFor()).isNull();
        assertThat(seen.get(2).waitsFor()).isEqualTo(seen.get(1).name());
        CompletableFuture<Lease> asked = new CompletableFuture<>();
        lease.onReleaseRequested(asked::complete);
        assertThat(semaphore.requestRelease(seen.get(0))).isTrue();
        get(asked).release();
        get(next).release();
        get(last).release();
    }

    @Test
    void interruptedOrCancelledCallsLeaveNothingBehind() {
        String path = place("given-up");
        CoordClient client = client();
        Semaphore semaphore = new Semaphore(client, path, 1);
        Lease held = semaphore.acquire();
        AtomicReference<Thread> waiter = new AtomicReference<>();
        CompletableFuture<Boolean> flag = onThread(() -> {
            waiter.set(Thread.currentThread());
            assertThatThrownBy(semaphore::acquire).isInstanceOf(CallInterruptedException.class);
            return Thread.interrupted();
        });
        awaitWaiting(client, path, 1);
        CompletableFuture<List<Lease>> cancelled = semaphore.acquireAsync(1).toCompletableFuture();
        awaitWaiting(client, path, 2);
        cancelled.cancel(true);
        waiter.get().interrupt();
        assertThat(get(flag)).isTrue();

        soon().until(() -> waiting(client, path).isEmpty());
        soon().until(() -> permits(client, path).size() == 1);
        held.release();
        semaphore.acquire().release();
    }

    @Test
    void lostSessionFreesItsPermitsAndItsHolderIsTold() {
        String path = place("lost");
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        List<Lease> leases = new Semaphore(client, path, 2).acquire(2);
        AtomicInteger told = new AtomicInteger();
        leases.forEach(lease -> lease.onLost(lost -> told.incrementAndGet()));
        CompletableFuture<List<Lease>> next =
                new Semaphore(client(), path, 2).acquireAsync(2).toCompletableFuture();
        unplug(proxy);

        get(next).forEach(Lease::release);
        soon().until(() -> told.get() == 2);
        assertThat(leases).allMatch(lease -> lease.state() == LeaseState.LOST);
        proxy.resume();
        soon().until(() -> client.state() == SessionState.CONNECTED);
        assertThatThrownBy(() ->
                        leases.get(0).guarded(client.transactionOp().create().forPath(place("never"))))
                .isInstanceOf(LeaseLostException.class);
    }

    @Test
    void waiterSurvivesTheLossOfItsSessionAndLeavesNoPermitBehind() {
        String path = place("waiter");
        CoordClient looker = client();
        Lease held = new Semaphore(looker, path, 1).acquire();
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, SHORT_SESSION);
        CompletableFuture<Lease> waiting =
                new Semaphore(client, path, 1).acquireAsync().toCompletableFuture();
        soon().until(() -> permits(looker, path).size() == 2);
        unplug(proxy);
        soon().until(() -> permits(looker, path).size() == 1);
        soon().until(() -> client.state() == SessionState.LOST);
        proxy.resume();
        soon().until(() -> permits(looker, path).size() == 2);
        assertThat(waiting).isNotDone();
        held.release();

        Lease lease = get(waiting);
        assertThat(permits(looker, path)).hasSize(1);
        lease.release();
    }

    @Test
    void waiterThatMissedTheReleaseEntersAfterTheReconnect() {
        String path = place("missed");
        CoordClient looker = client();
        Lease held = new Semaphore(looker, path, 1).acquire();
        FaultProxy proxy = proxy();
        CompletableFuture<Lease> waiting = new Semaphore(client(proxy, LONG_SESSION), path, 1)
                .acquireAsync()
                .toCompletableFuture();
        soon().until(() -> permits(looker, path).size() == 2);
        unplug(proxy);
        held.release();
        proxy.resume();

        get(waiting).release();
    }

    @Test
    void permitOfWhichTheAnswerWasLostIsNotCreatedTwice() {
        String path = place("half-open");
        FaultProxy proxy = proxy();
        CoordClient client = client(proxy, LONG_SESSION);
        client.blockUntilConnected(SOON);
        Semaphore semaphore = new Semaphore(client, path, 3);
        semaphore.acquire().release();
        proxy.blackhole(FaultProxy.Direction.SERVER_TO_CLIENT);
        CompletableFuture<List<Lease>> waiting = semaphore.acquireAsync(2).toCompletableFuture();
        CoordClient looker = client();
        soon().until(() -> !waiting(looker, path).isEmpty());
        proxy.cut();
        proxy.resume();

        List<Lease> leases = get(waiting);
        assertThat(permits(looker, path)).hasSize(2);
        leases.forEach(Lease::release);
        assertThat(permits(looker, path)).isEmpty();
    }

    @Test
    void curatorAndCoordShareThePermits() {
        String path = place("mixed");
        int limit = 2;
        AtomicInteger out = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Semaphore coord = new Semaphore(client(), path, limit);
            CuratorFramework framework = curator();
            for (int t = 0; t < 2; t++) {
                InterProcessSemaphoreV2 curator = new InterProcessSemaphoreV2(framework, path, limit);
                workers.add(onThread(() -> {
                    for (int round = 0; round < 25; round++) {
                        Lease lease = coord.acquire(SOON).orElseThrow(() -> new AssertionError("Coord starves"));
                        most.accumulateAndGet(out.incrementAndGet(), Math::max);
                        SharedResource.linger();
                        out.decrementAndGet();
                        lease.release();
                    }
                }));
                workers.add(onThread(() -> {
                    try {
                        for (int round = 0; round < 25; round++) {
                            org.apache.curator.framework.recipes.locks.Lease lease =
                                    curator.acquire(SOON.toSeconds(), TimeUnit.SECONDS);
                            assertThat(lease).as("Curator starves").isNotNull();
                            most.accumulateAndGet(out.incrementAndGet(), Math::max);
                            SharedResource.linger();
                            out.decrementAndGet();
                            lease.close();
                        }
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }));
            }
        }
        workers.forEach(worker -> worker.orTimeout(60, TimeUnit.SECONDS).join());

        assertThat(most.get()).isBetween(1, limit);
    }

    @Test
    void severalPermitsWaitForCuratorsAndCuratorForOurs() throws Exception {
        String path = place("mixed-several");
        InterProcessSemaphoreV2 curator = new InterProcessSemaphoreV2(curator(), path, 3);
        Semaphore coord = new Semaphore(client(), path, 3);
        org.apache.curator.framework.recipes.locks.Lease theirs = curator.acquire();
        CompletableFuture<List<Lease>> waiting = coord.acquireAsync(3).toCompletableFuture();
        soon().until(() -> coord.participants().size() == 2);
        assertThat(coord.participants().get(0).path())
                .isEqualTo(path + "/leases/"
                        + curator.getParticipantNodes().stream()
                                .min(java.util.Comparator.comparing(name -> name.substring(name.length() - 10)))
                                .orElseThrow());
        assertThat(waiting).isNotDone();
        theirs.close();
        List<Lease> ours = get(waiting);
        assertThat(curator.acquire(A_WHILE.toMillis(), TimeUnit.MILLISECONDS)).isNull();
        CompletableFuture<org.apache.curator.framework.recipes.locks.Lease> next = onThread(() -> {
            try {
                return curator.acquire();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        ours.get(1).release();

        get(next).close();
        ours.forEach(Lease::release);
    }

    @Test
    void semaphoreMutexExcludesItselfAndAnyThreadReleasesIt() {
        SemaphoreMutex mutex = new SemaphoreMutex(client(), place("mutex"));
        mutex.acquire();
        assertThat(mutex.isHeldByCurrentThread()).isTrue();
        assertThat(mutex.tryAcquire()).as("not even its own thread").isEmpty();
        CompletableFuture<Lease> other = onThread(() -> mutex.acquire());
        soon().until(() -> mutex.participants().size() == 2);
        get(onThread(mutex::release));
        Lease lease = get(other);
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        mutex.release();
        assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
        assertThat(mutex.isHeldByCurrentThread()).isFalse();
        assertThatThrownBy(mutex::release).isInstanceOf(IllegalMonitorStateException.class);
        Lease async = get(mutex.acquireAsync().toCompletableFuture());
        assertThat(get(mutex.acquireAsync(Duration.ZERO).toCompletableFuture())).isEqualTo(Optional.empty());
        async.release();
    }

    @Test
    void semaphoreMutexesOfBothKindsExcludeEachOther() {
        String path = place("mixed-mutex");
        SemaphoreMutex coord = new SemaphoreMutex(client(), path);
        InterProcessSemaphoreMutex curator = new InterProcessSemaphoreMutex(curator(), path);
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
            for (int i = 0; i < 50; i++) {
                coord.acquire();
                critical.run();
                coord.release();
            }
        });
        CompletableFuture<Void> two = onThread(() -> {
            try {
                for (int i = 0; i < 50; i++) {
                    curator.acquire();
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
