package io.coord.verification.bench;

import io.coord.verification.bench.BenchedRecipes.Lock;
import io.coord.verification.bench.BenchedRecipes.Opening;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** Threads that acquire and release locks of one path as often as they can. */
final class ContendedLocks implements AutoCloseable {
    private static final int LONGEST_SECONDS = 30;
    private static final int WRITER = 1000;

    private final Mix mix;
    private final List<BenchedRecipes> clients = new ArrayList<>();
    private final ExecutorService threads;
    private final String path = "/lock-bench-" + System.nanoTime();
    /** Readers count one each, a writer {@link #WRITER}. */
    private final AtomicInteger inside = new AtomicInteger();

    private final AtomicLong times = new AtomicLong();

    private volatile long released;

    ContendedLocks(Mix mix, Opening opening, String connectString) {
        this.mix = mix;
        this.threads = Executors.newFixedThreadPool(mix.threads());
        for (int i = 0; i < mix.clients(); i++) {
            clients.add(opening.open(connectString));
        }
    }

    RecipeMeter.Figures run(Duration duration) throws Exception {
        CyclicBarrier start = new CyclicBarrier(mix.threads() + 1);
        CyclicBarrier end = new CyclicBarrier(mix.threads() + 1);
        List<Future<Histogram>> results = new ArrayList<>();
        for (int i = 0; i < mix.threads(); i++) {
            int number = i;
            results.add(threads.submit(() -> {
                Contender contender = new Contender(number);
                contender.once();
                start.await(LONGEST_SECONDS, TimeUnit.SECONDS);
                long until = System.nanoTime() + duration.toNanos();
                contender.latencies.reset();
                while (System.nanoTime() - until < 0) {
                    contender.once();
                }
                // The meter must find this thread alive.
                end.await(LONGEST_SECONDS, TimeUnit.SECONDS);
                return contender.latencies;
            }));
        }
        meet(start, results);
        RecipeMeter meter = new RecipeMeter();
        meet(end, results);
        Histogram all = new Histogram(3);
        for (Future<Histogram> each : results) {
            all.add(each.get());
        }
        return meter.since(all.getTotalCount(), all);
    }

    /** Ends with the failure of a thread that did not come. */
    private static void meet(CyclicBarrier barrier, List<Future<Histogram>> threads) throws Exception {
        try {
            barrier.await(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | BrokenBarrierException e) {
            for (Future<Histogram> each : threads) {
                if (each.isDone()) {
                    each.get();
                }
            }
            throw e;
        }
    }

    /** How often a lock was acquired and released. */
    long times() {
        return times.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        clients.forEach(BenchedRecipes::close);
    }

    /**
     * @param clients each with a session of its own
     * @param threads of all clients
     * @param readers of a hundred locks of a read-write lock; none for a mutex
     */
    record Mix(int clients, int threads, int readers) {
        boolean isHandedOver() {
            return threads > 1 && readers == 0;
        }

        String waited() {
            return isHandedOver() ? "release to the next one's acquire" : "acquire";
        }
    }

    private final class Contender {
        private final Lock lock;
        private final Lock readLock;
        private final Histogram latencies = new Histogram(3);
        private int turn;

        Contender(int number) {
            BenchedRecipes client = clients.get(number % clients.size());
            lock = mix.readers() == 0 ? client.mutex(path) : client.writeLock(path);
            readLock = client.readLock(path);
            turn = number;
        }

        void once() throws Exception {
            turn++;
            boolean reads = turn * 7 % 100 < mix.readers();
            Lock used = reads ? readLock : lock;
            long asked = System.nanoTime();
            used.acquire();
            long got = System.nanoTime();
            int count = reads ? 1 : WRITER;
            int before = inside.getAndAdd(count);
            if (before >= WRITER || (before > 0 && !reads)) {
                throw new IOException("two holders");
            }
            long from = mix.isHandedOver() && released != 0 ? released : asked;
            latencies.recordValue(got - from);
            inside.addAndGet(-count);
            released = System.nanoTime();
            used.release();
            times.incrementAndGet();
        }
    }
}
