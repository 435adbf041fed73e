package io.coord.recipes.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.NoNodeException;
import io.coord.recipes.server.RecipeContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Locks without faults. */
abstract class LockContract extends RecipeContract {
    private static final Duration LONG_ENOUGH = Duration.ofMillis(300);

    private static List<String> children(CoordClient client, String path) {
        try {
            return client.getChildren().forPath(path);
        } catch (NoNodeException e) {
            // An empty container is swept away.
            return List.of();
        }
    }

    private void awaitQueue(CoordClient client, String path, int length) {
        soon().until(() -> children(client, path).size() == length);
    }

    private void awaitHolding(LockQueue queue, Boolean... holding) {
        soon().untilAsserted(() -> assertThat(queue.participants())
                .extracting(LockParticipant::holding)
                .containsExactly(holding));
    }

    @Test
    void fiveContendersEnterAsInTheTutorial() {
        String path = place("scene");
        CoordClient looker = client();
        List<CompletableFuture<Lease>> contenders = new ArrayList<>();
        for (char kind : "RRWRR".toCharArray()) {
            ReadWriteLock lock = new ReadWriteLock(client(), path);
            contenders.add((kind == 'R' ? lock.readLock() : lock.writeLock())
                    .acquireAsync()
                    .toCompletableFuture());
            awaitQueue(looker, path, contenders.size());
        }
        LockQueue queue = new LockQueue(looker, path);
        awaitHolding(queue, true, true, false, false, false);
        List<LockParticipant> seen = queue.participants();
        assertThat(seen)
                .extracting(LockParticipant::kind)
                .containsExactly(
                        LockParticipant.Kind.READ,
                        LockParticipant.Kind.READ,
                        LockParticipant.Kind.WRITE,
                        LockParticipant.Kind.READ,
                        LockParticipant.Kind.READ);
        assertThat(seen)
                .extracting(LockParticipant::waitsFor)
                .containsExactly(
                        null,
                        null,
                        seen.get(1).name(),
                        seen.get(2).name(),
                        seen.get(2).name());
        assertThat(contenders).extracting(CompletableFuture::isDone).containsExactly(true, true, false, false, false);

        get(contenders.get(0)).release();
        assertThat(contenders.get(2)).isNotDone();
        get(contenders.get(1)).release();
        get(contenders.get(2));
        awaitHolding(queue, true, false, false);
        assertThat(contenders.get(3)).isNotDone();
        assertThat(contenders.get(4)).isNotDone();

        get(contenders.get(2)).release();
        get(contenders.get(3));
        get(contenders.get(4));
        awaitHolding(queue, true, true);

        get(contenders.get(3)).release();
        awaitHolding(queue, true);
        get(contenders.get(4)).release();
        soon().until(() -> looker.checkExists().forPath(path) == null);
    }

    @Test
    void fourThreadsOfOneLockObjectBehaveTheSame() {
        String path = place("demo");
        CoordClient client = client();
        ReadWriteLock lock = new ReadWriteLock(client, path);
        List<String> log = java.util.Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> mayEnd = new ArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        String kinds = "RRWR";
        for (int i = 0; i < kinds.length(); i++) {
            DistributedLock side = kinds.charAt(i) == 'R' ? lock.readLock() : lock.writeLock();
            CompletableFuture<Void> end = new CompletableFuture<>();
            mayEnd.add(end);
            String name = kinds.charAt(i) + String.valueOf(i + 1);
            ends.add(onThread(() -> {
                side.acquire();
                log.add(name + " in");
                end.join();
                log.add(name + " out");
                side.release();
            }));
            awaitQueue(client, path, i + 1);
        }
        soon().until(() -> log.size() == 2);
        assertThat(log).containsExactlyInAnyOrder("R1 in", "R2 in");
        mayEnd.get(0).complete(null);
        awaitQueue(client, path, 3);
        mayEnd.get(1).complete(null);
        soon().until(() -> log.contains("W3 in"));
        assertThat(log).doesNotContain("R4 in");
        mayEnd.get(2).complete(null);
        soon().until(() -> log.contains("R4 in"));
        awaitQueue(client, path, 1);
        mayEnd.get(3).complete(null);
        ends.forEach(RecipeContract::get);
        soon().until(() -> client.checkExists().forPath(path) == null);
    }

    @Test
    void oneHolderAtATimeAndItsTokenGrows() {
        String path = place("mutex");
        AtomicInteger inside = new AtomicInteger();
        AtomicReference<Long> lastToken = new AtomicReference<>(0L);
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Mutex mutex = new Mutex(client(), path);
            workers.add(onThread(() -> {
                for (int round = 0; round < 25; round++) {
                    try (Lease lease = mutex.acquire()) {
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
                        assertThat(lease.fencingToken()).isGreaterThan(lastToken.getAndSet(lease.fencingToken()));
                        inside.decrementAndGet();
                    }
                }
            }));
        }
        workers.forEach(RecipeContract::get);
    }

    @Test
    void threadMayAcquireAgainAndSharesOneNode() {
        String path = place("reentrant");
        CoordClient client = client();
        Mutex mutex = new Mutex(client, path);
        Lease outer = mutex.acquire();
        Lease inner = mutex.acquire();

        assertThat(inner).isNotSameAs(outer);
        assertThat(inner.path()).isEqualTo(outer.path());
        assertThat(children(client, path)).hasSize(1);
        mutex.release();
        assertThat(inner.state()).isEqualTo(LeaseState.RELEASED);
        assertThat(outer.state()).isEqualTo(LeaseState.HELD);
        assertThat(mutex.isHeldByCurrentThread()).isTrue();
        mutex.release();
        assertThat(outer.state()).isEqualTo(LeaseState.RELEASED);
        assertThat(mutex.isHeldByCurrentThread()).isFalse();
        assertThat(children(client, path)).isEmpty();
        assertThatThrownBy(mutex::release).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void releasingALeaseTwiceReleasesOnlyThatLease() {
        Mutex mutex = new Mutex(client(), place("twice"));
        Lease outer = mutex.acquire();
        Lease inner = mutex.acquire();
        inner.release();
        inner.release();
        inner.close();

        assertThat(outer.state()).isEqualTo(LeaseState.HELD);
        outer.release();
    }

    @Test
    void anyThreadMayReleaseALeaseButNotThroughTheLock() {
        Mutex mutex = new Mutex(client(), place("handed"));
        Lease lease = mutex.acquire();

        assertThatThrownBy(() -> get(onThread(mutex::release))).isInstanceOf(IllegalMonitorStateException.class);
        get(onThread(lease::release));

        assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
        assertThat(mutex.isHeldByCurrentThread()).isFalse();
        assertThatThrownBy(mutex::release).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void otherThreadsOfTheSameLockObjectWait() {
        Mutex mutex = new Mutex(client(), place("threads"));
        Lease lease = mutex.acquire();
        CompletableFuture<Lease> other = onThread(() -> mutex.acquire());
        soon().until(() -> mutex.participants().size() == 2);
        assertThat(other).isNotDone();

        lease.release();
        get(other).release();
    }

    @Test
    void leaseOfAnAsynchronousCallBelongsToNoThread() {
        Mutex mutex = new Mutex(client(), place("async"));
        Lease lease = get(mutex.acquireAsync().toCompletableFuture());

        assertThat(mutex.isHeldByCurrentThread()).isFalse();
        assertThat(mutex.tryAcquire()).isEmpty();
        get(lease.releaseAsync().toCompletableFuture());
        assertThat(mutex.tryAcquire()).isPresent();
        mutex.release();
    }

    @Test
    void waitsNoLongerThanToldAndLeavesNothingBehind() {
        String path = place("timed");
        CoordClient client = client();
        Lease held = new Mutex(client, path).acquire();
        Mutex mutex = new Mutex(client(), path);
        long start = System.nanoTime();
        Optional<Lease> none = mutex.acquire(LONG_ENOUGH);
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(none).isEmpty();
        assertThat(took).isBetween(LONG_ENOUGH, LONG_ENOUGH.plusSeconds(1));
        awaitQueue(client, path, 1);
        assertThat(mutex.acquire(Duration.ZERO)).isEmpty();
        awaitQueue(client, path, 1);
        held.release();
        assertThat(mutex.acquire(LONG_ENOUGH)).isPresent();
    }

    @Test
    void leavesNoWatchBehindWhenItGivesUp() {
        String path = place("watches");
        Lease held = new Mutex(client(), path).acquire();
        CoordClient client = client();
        client.blockUntilConnected(SOON);
        Mutex mutex = new Mutex(client, path);
        for (int i = 0; i < 5; i++) {
            assertThat(mutex.acquire(Duration.ofMillis(50))).isEmpty();
        }

        soon().until(() -> client.watchCount() == 0);
        held.release();
    }

    @Test
    void interruptedThreadGivesUpAndLeavesNothingBehind() {
        String path = place("interrupt");
        CoordClient client = client();
        Lease held = new Mutex(client, path).acquire();
        Mutex mutex = new Mutex(client(), path);
        AtomicReference<Thread> waiter = new AtomicReference<>();
        CompletableFuture<Boolean> flag = onThread(() -> {
            waiter.set(Thread.currentThread());
            assertThatThrownBy(mutex::acquire).isInstanceOf(CallInterruptedException.class);
            return Thread.interrupted();
        });
        awaitQueue(client, path, 2);
        waiter.get().interrupt();

        assertThat(get(flag)).isTrue();
        awaitQueue(client, path, 1);
        held.release();
    }

    @Test
    void cancelledCallGivesUpAndLeavesNothingBehind() {
        String path = place("cancel");
        CoordClient client = client();
        Lease held = new Mutex(client, path).acquire();
        CompletableFuture<Lease> waiting =
                new Mutex(client(), path).acquireAsync().toCompletableFuture();
        awaitQueue(client, path, 2);
        waiting.cancel(true);

        awaitQueue(client, path, 1);
        held.release();
    }

    @Test
    void threadWithTheWriteLockGetsTheReadLockAndKeepsItsPlace() {
        String path = place("downgrade");
        CoordClient client = client();
        ReadWriteLock lock = new ReadWriteLock(client, path);
        Lease write = lock.writeLock().acquire();
        CompletableFuture<Lease> nextWriter =
                new ReadWriteLock(client(), path).writeLock().acquireAsync().toCompletableFuture();
        awaitQueue(client, path, 2);
        Lease read = lock.readLock().acquire();
        write.release();

        List<LockParticipant> queue = lock.participants();
        assertThat(queue).extracting(LockParticipant::holding).containsExactly(true, false);
        assertThat(queue.get(0).path()).isEqualTo(read.path());
        assertThat(queue.get(1).waitsFor()).isEqualTo(queue.get(0).name());
        assertThat(nextWriter).isNotDone();
        read.release();
        get(nextWriter).release();
    }

    @Test
    void threadWithTheReadLockIsRefusedTheWriteLockAtOnce() {
        String path = place("upgrade");
        CoordClient client = client();
        ReadWriteLock lock = new ReadWriteLock(client, path);
        lock.readLock().acquire();

        assertThatThrownBy(() -> lock.writeLock().acquire()).isInstanceOf(LockUpgradeException.class);
        assertThat(children(client, path)).hasSize(1);
        lock.readLock().release();
        lock.writeLock().acquire().release();
    }

    @Test
    void sidesOfAReadWriteLockReleaseTheirOwnLeases() {
        ReadWriteLock lock = new ReadWriteLock(client(), place("sides"));
        Lease write = lock.writeLock().acquire();
        Lease read = lock.readLock().acquire();
        lock.writeLock().release();

        assertThat(write.state()).isEqualTo(LeaseState.RELEASED);
        assertThat(read.state()).isEqualTo(LeaseState.HELD);
        assertThatThrownBy(() -> lock.writeLock().release()).isInstanceOf(IllegalMonitorStateException.class);
        lock.readLock().release();
    }

    @Test
    void queueShowsWhoHoldsAndWhatTheyWrote() {
        String path = place("view");
        CoordClient client = client();
        byte[] data = "till 7".getBytes(StandardCharsets.UTF_8);
        Lease lease = new Mutex(client, path, data).acquire();

        List<LockParticipant> queue = new LockQueue(client(), path).participants();
        assertThat(queue).hasSize(1);
        LockParticipant holder = queue.get(0);
        assertThat(holder.path()).isEqualTo(lease.path());
        assertThat(holder.kind()).isEqualTo(LockParticipant.Kind.EXCLUSIVE);
        assertThat(holder.sequence()).hasValue(0);
        assertThat(holder.sessionId()).isEqualTo(client.sessionId());
        assertThat(holder.fencingToken()).isEqualTo(lease.fencingToken());
        assertThat(holder.data()).isEqualTo(data);
        assertThat(new LockQueue(client, place("nowhere")).participants()).isEmpty();
        lease.release();
    }

    @Test
    void worksInsideANamespace() {
        CoordClient client = client();
        String path = place("inside");
        Lease lease = new Mutex(client.usingNamespace("shop"), path).acquire();

        assertThat(lease.path()).startsWith(path + "/_c_");
        assertThat(children(client, "/shop" + path)).hasSize(1);
        lease.guarded(client.usingNamespace("shop").transactionOp().create().forPath("/stock" + path.substring(1)));
        lease.release();
    }

    @Test
    void refusesToBlockAThreadOfTheClient() {
        CoordClient client = client();
        Mutex mutex = new Mutex(client, place("blocked"));
        CompletableFuture<Lease> inCallback = client.checkExists()
                .forPathAsync("/")
                .thenApply(stat -> mutex.acquire())
                .toCompletableFuture();

        assertThatThrownBy(() -> get(inCallback))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("acquire");
    }

    @Test
    void leaseMayBeReleasedOnAThreadOfTheClient() {
        String path = place("callback");
        CoordClient client = client();
        Mutex mutex = new Mutex(client, path);
        get(mutex.acquireAsync().thenAccept(Lease::release).toCompletableFuture());

        awaitQueue(client, path, 0);
    }

    @Test
    void queueTellsWhoTheyAreAndWhatTheyWantTheLockFor() {
        String path = place("described");
        CoordClient client = client();
        Mutex mutex = new Mutex(client, path);
        Lease lease = mutex.forPurpose("nightly report").acquire();
        CompletableFuture<Lease> waiting = new Mutex(client(), path)
                .ownedBy(new LockOwner("request 17"))
                .acquireAsync()
                .toCompletableFuture();
        awaitQueue(client, path, 2);

        List<LockParticipant> queue = mutex.queue().participants();
        HolderDescription holder = queue.get(0).holder().orElseThrow();
        assertThat(holder.purpose()).isEqualTo("nightly report");
        assertThat(holder.thread()).isEqualTo(Thread.currentThread().getName());
        assertThat(holder.processId()).isEqualTo(ProcessHandle.current().pid());
        assertThat(holder.host()).isNotBlank();
        assertThat(holder.since()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        HolderDescription waiter = queue.get(1).holder().orElseThrow();
        assertThat(waiter.thread()).isEqualTo("request 17");
        assertThat(waiter.purpose()).isEmpty();
        assertThat(queue.get(1).waitsFor()).isEqualTo(queue.get(0).name());
        lease.release();
        get(waiting).release();
        assertThatThrownBy(() -> mutex.forPurpose("x".repeat(1001))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ownerWithoutAThreadMayAcquireAgainOnAnyThread() {
        String path = place("owner");
        CoordClient client = client();
        ReadWriteLock lock = new ReadWriteLock(client, path);
        LockOwner job = new LockOwner("job");
        DistributedLock write = lock.writeLock().ownedBy(job);
        Lease outer = get(write.acquireAsync().toCompletableFuture());
        Lease inner = get(onThread(() -> write.acquire()));
        assertThat(inner.path()).isEqualTo(outer.path());
        assertThat(get(onThread(write::isHeldByCurrentThread))).isTrue();
        assertThat(lock.writeLock().isHeldByCurrentThread()).isFalse();
        assertThat(lock.writeLock().tryAcquire()).isEmpty();

        Lease read = get(lock.readLock().ownedBy(job).acquireAsync().toCompletableFuture());
        get(onThread(write::release));
        assertThat(inner.state()).isEqualTo(LeaseState.RELEASED);
        outer.release();
        assertThat(read.state()).isEqualTo(LeaseState.HELD);
        assertThat(children(client, path)).hasSize(1);
        assertThatThrownBy(() -> get(write.acquireAsync().toCompletableFuture()))
                .isInstanceOf(LockUpgradeException.class);
        read.release();
        assertThatThrownBy(write::release).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void threadWaitsForItselfWhenItAskedForNoReentry() {
        DistributedLock mutex = new Mutex(client(), place("once")).withoutReentry();
        Lease lease = mutex.acquire();

        assertThat(mutex.tryAcquire()).isEmpty();
        assertThat(mutex.isHeldByCurrentThread()).isFalse();
        assertThatThrownBy(mutex::release).isInstanceOf(IllegalMonitorStateException.class);
        lease.release();
        mutex.acquire().release();
    }

    @Test
    void holderIsAskedToReleaseAndDecidesItself() {
        String path = place("asked");
        Mutex mutex = new Mutex(client(), path);
        Lease lease = mutex.acquire();
        AtomicInteger told = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        AtomicInteger withdrawn = new AtomicInteger();
        lease.onLost(each -> lost.incrementAndGet());
        lease.onReleaseRequested(each -> withdrawn.incrementAndGet()).close();
        lease.onReleaseRequested(each -> told.incrementAndGet());
        LockQueue queue = new LockQueue(client(), path);
        LockParticipant holder = queue.participants().get(0);

        assertThat(queue.requestRelease(holder)).isTrue();
        soon().until(() -> told.get() == 1);
        assertThat(queue.requestRelease(holder)).isTrue();
        assertThat(queue.participants()).allMatch(LockParticipant::isReleaseRequested);
        CompletableFuture<Lease> late = new CompletableFuture<>();
        lease.onReleaseRequested(late::complete);
        assertThat(get(late)).isSameAs(lease);
        assertThat(lease.state()).isEqualTo(LeaseState.HELD);
        lease.release();
        assertThat(queue.requestRelease(holder)).isFalse();
        assertThat(told).hasValue(1);
        assertThat(lost).hasValue(0);
        assertThat(withdrawn).hasValue(0);
    }
}
