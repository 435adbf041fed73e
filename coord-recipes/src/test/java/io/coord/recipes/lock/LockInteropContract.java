package io.coord.recipes.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.recipes.server.RecipeContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.Revoker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stock Curator and Coord on one path. */
abstract class LockInteropContract extends RecipeContract {
    private static final int CLIENTS_OF_EACH_KIND = 2;
    private static final int THREADS_OF_EACH_CLIENT = 2;
    private static final int ROUNDS_OF_EACH_THREAD = 60;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    /** One contender's way to work under the lock. */
    private interface Sides {
        void read(Runnable work) throws Exception;

        void write(Runnable work) throws Exception;

        /** Writes, then reads without letting a writer in between. */
        void downgrade(Runnable write, Runnable read) throws Exception;
    }

    private record CoordSides(ReadWriteLock lock) implements Sides {
        private static Lease take(DistributedLock side) {
            return side.acquire(LONGEST_WAIT).orElseThrow(() -> new AssertionError("Coord starves"));
        }

        @Override
        public void read(Runnable work) {
            try (Lease lease = take(lock.readLock())) {
                lease.ensureHeld();
                work.run();
            }
        }

        @Override
        public void write(Runnable work) {
            try (Lease lease = take(lock.writeLock())) {
                lease.ensureHeld();
                work.run();
            }
        }

        @Override
        public void downgrade(Runnable write, Runnable read) {
            Lease writer = take(lock.writeLock());
            write.run();
            try (Lease reader = take(lock.readLock())) {
                writer.release();
                reader.ensureHeld();
                read.run();
            }
        }
    }

    private record CuratorSides(InterProcessReadWriteLock lock) implements Sides {
        private static void take(InterProcessMutex side) throws Exception {
            if (!side.acquire(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("Curator starves");
            }
        }

        @Override
        public void read(Runnable work) throws Exception {
            take(lock.readLock());
            try {
                work.run();
            } finally {
                lock.readLock().release();
            }
        }

        @Override
        public void write(Runnable work) throws Exception {
            take(lock.writeLock());
            try {
                work.run();
            } finally {
                lock.writeLock().release();
            }
        }

        @Override
        public void downgrade(Runnable write, Runnable read) throws Exception {
            take(lock.writeLock());
            write.run();
            take(lock.readLock());
            lock.writeLock().release();
            try {
                read.run();
            } finally {
                lock.readLock().release();
            }
        }
    }

    @Test
    @Timeout(180)
    void neverTwoHoldersWhereAWriterIsInAndNobodyStarves() {
        String path = place("mixed");
        SharedResource resource = new SharedResource();
        AtomicInteger writes = new AtomicInteger();
        AtomicLong longestNs = new AtomicLong();
        List<CompletableFuture<Integer>> workers = new ArrayList<>();
        for (int i = 0; i < CLIENTS_OF_EACH_KIND; i++) {
            CoordClient client = client();
            CuratorFramework curator = curator();
            // The threads of a client share one lock object, as they would in a program.
            Sides coordSides = new CoordSides(new ReadWriteLock(client, path));
            Sides curatorSides = new CuratorSides(new InterProcessReadWriteLock(curator, path));
            for (int t = 0; t < THREADS_OF_EACH_CLIENT; t++) {
                int seed = workers.size();
                String name = i + "." + t;
                workers.add(onThread(
                        () -> work("Coord " + name, coordSides, resource, writes, longestNs, new Random(seed))));
                workers.add(onThread(() ->
                        work("Curator " + name, curatorSides, resource, writes, longestNs, new Random(seed + 1))));
            }
        }
        for (CompletableFuture<Integer> worker : workers) {
            assertThat(worker.orTimeout(120, TimeUnit.SECONDS).join()).isEqualTo(ROUNDS_OF_EACH_THREAD);
        }

        assertThat(resource.violations()).isEmpty();
        assertThat(resource.writes()).isEqualTo(writes.get());
        assertThat(resource.mostReaders()).as("readers that were in together").isGreaterThan(1);
        assertThat(Duration.ofNanos(longestNs.get())).isLessThan(LONGEST_WAIT);
    }

    private static int work(
            String who,
            Sides sides,
            SharedResource resource,
            AtomicInteger writes,
            AtomicLong longestNs,
            Random random) {
        int done = 0;
        while (done < ROUNDS_OF_EACH_THREAD) {
            long asked = System.nanoTime();
            Runnable entered = () -> longestNs.accumulateAndGet(System.nanoTime() - asked, Math::max);
            int dice = random.nextInt(10);
            try {
                if (dice < 6) {
                    sides.read(() -> {
                        entered.run();
                        resource.read(who);
                    });
                } else {
                    writes.incrementAndGet();
                    boolean staysAsReader = dice == 9;
                    Runnable write = () -> {
                        entered.run();
                        resource.write(who, staysAsReader);
                    };
                    if (staysAsReader) {
                        sides.downgrade(write, () -> resource.stopReading(who));
                    } else {
                        sides.write(write);
                    }
                }
            } catch (Exception e) {
                throw new AssertionError(who + " failed in round " + done, e);
            }
            done++;
        }
        return done;
    }

    @Test
    void mutexesExcludeEachOther() {
        String path = place("mutexes");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger violations = new AtomicInteger();
        Mutex coord = new Mutex(client(), path);
        InterProcessMutex curator = new InterProcessMutex(curator(), path);
        Runnable critical = () -> {
            if (inside.incrementAndGet() > 1) {
                violations.incrementAndGet();
            }
            SharedResource.linger();
            inside.decrementAndGet();
        };
        CompletableFuture<Void> one = onThread(() -> {
            for (int i = 0; i < 100; i++) {
                try (Lease lease = coord.acquire()) {
                    lease.ensureHeld();
                    critical.run();
                }
            }
        });
        CompletableFuture<Void> other = onThread(() -> {
            for (int i = 0; i < 100; i++) {
                try {
                    curator.acquire();
                    critical.run();
                    curator.release();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        });
        get(one);
        get(other);

        assertThat(violations).hasValue(0);
    }

    @Test
    void queueOfBothKindsIsServedInOrder() throws Exception {
        String path = place("fair");
        CoordClient looker = client();
        InterProcessReadWriteLock curator = new InterProcessReadWriteLock(curator(), path);
        curator.writeLock().acquire();
        List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "writer " + i;
            if (i % 2 == 0) {
                waiting.add(new ReadWriteLock(looker, path)
                        .writeLock()
                        .acquireAsync()
                        .thenAccept(lease -> {
                            order.add(name);
                            lease.releaseAsync();
                        })
                        .toCompletableFuture());
            } else {
                InterProcessReadWriteLock next = new InterProcessReadWriteLock(curator(), path);
                waiting.add(onThread(() -> {
                    try {
                        next.writeLock().acquire();
                        order.add(name);
                        next.writeLock().release();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            int length = i + 2;
            soon().until(() -> looker.getChildren().forPath(path).size() == length);
        }
        curator.writeLock().release();
        waiting.forEach(RecipeContract::get);

        assertThat(order).containsExactly("writer 0", "writer 1", "writer 2", "writer 3");
    }

    @Test
    void curatorSeesOurParticipantsAndWeSeeItsOwn() throws Exception {
        String path = place("seen");
        CuratorFramework curatorClient = curator();
        InterProcessReadWriteLock curator = new InterProcessReadWriteLock(curatorClient, path);
        ReadWriteLock coord = new ReadWriteLock(client(), path);
        Lease lease = coord.readLock().acquire();
        curator.readLock().acquire();

        assertThat(curator.readLock().getParticipantNodes()).hasSize(2).contains(lease.path());
        assertThat(coord.participants())
                .extracting(LockParticipant::kind, LockParticipant::holding)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(LockParticipant.Kind.READ, true),
                        org.assertj.core.groups.Tuple.tuple(LockParticipant.Kind.READ, true));
        lease.release();
        curator.readLock().release();
    }

    @Test
    void eachKindAsksTheOtherToRelease() throws Exception {
        String path = place("revoked");
        CuratorFramework curatorClient = curator();
        InterProcessMutex curator = new InterProcessMutex(curatorClient, path);
        Mutex coord = new Mutex(client(), path);
        CompletableFuture<InterProcessMutex> curatorIsAsked = new CompletableFuture<>();
        curator.makeRevocable(curatorIsAsked::complete);
        curator.acquire();
        CompletableFuture<Lease> waiting = coord.acquireAsync().toCompletableFuture();
        soon().until(() -> coord.participants().size() == 2);

        LockParticipant holder = coord.participants().get(0);
        assertThat(coord.queue().requestRelease(holder)).isTrue();
        assertThat(get(curatorIsAsked)).isSameAs(curator);
        curator.release();
        Lease lease = get(waiting);
        CompletableFuture<Lease> coordIsAsked = new CompletableFuture<>();
        lease.onReleaseRequested(coordIsAsked::complete);
        Revoker.attemptRevoke(curatorClient, lease.path());

        assertThat(get(coordIsAsked)).isSameAs(lease);
        lease.release();
    }

    @Test
    void describesCuratorsNodesByTheAddressThatItWrites() throws Exception {
        String path = place("address");
        InterProcessMutex curator = new InterProcessMutex(curator(), path);
        curator.acquire();
        Mutex coord = new Mutex(client(), path);
        CompletableFuture<Lease> waiting = coord.acquireAsync().toCompletableFuture();
        soon().until(() -> coord.participants().size() == 2);

        List<LockParticipant> queue = coord.participants();
        assertThat(queue.get(0).holder().orElseThrow().host())
                .isEqualTo(new String(CuratorFrameworkFactory.getLocalAddress(), StandardCharsets.UTF_8));
        assertThat(queue.get(0).holder().orElseThrow().processId()).isZero();
        assertThat(queue.get(1).holder().orElseThrow().processId())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(queue.get(1).waitsFor()).isEqualTo(queue.get(0).name());
        assertThat(curator.getParticipantNodes()).hasSize(2);
        curator.release();
        get(waiting).release();
    }
}
