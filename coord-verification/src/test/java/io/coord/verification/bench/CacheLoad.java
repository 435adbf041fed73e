package io.coord.verification.bench;

import io.coord.client.CoordClient;
import io.coord.verification.bench.BenchedRecipes.Opening;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** A cache of many znodes: filled, then told of one change of each. The changes are made by our client for both. */
@SuppressWarnings("try") // A cache is there to be filled.
final class CacheLoad implements AutoCloseable {
    static final int NODES = 10_000;

    private static final int PARENTS = 100;
    private static final int WINDOW = 200;
    private static final int LONGEST_SECONDS = 60;
    private static final String PATH = "/cache-bench";

    private final BenchedRecipes client;
    private final CoordClient writer;

    CacheLoad(Opening opening, String connectString) {
        client = opening.open(connectString);
        writer = CoordClient.builder().connectString(connectString).build().start();
    }

    static void fill(String connectString) throws Exception {
        try (CoordClient client =
                CoordClient.builder().connectString(connectString).build().start()) {
            client.create().creatingParentsIfNeeded().forPath(PATH, new byte[0]);
            for (int i = 0; i < PARENTS; i++) {
                client.create().forPath(PATH + "/" + i, new byte[0]);
            }
            Semaphore window = new Semaphore(WINDOW);
            for (int i = 0; i < NODES; i++) {
                window.acquire();
                client.create().forPathAsync(node(i), Workload.VALUE).whenComplete((path, failure) -> {
                    if (failure == null) {
                        window.release();
                    }
                });
            }
            awaitAll(window);
        }
    }

    private static String node(int number) {
        return PATH + "/" + number % PARENTS + "/node-" + number;
    }

    private static void awaitAll(Semaphore window) throws InterruptedException, IOException {
        if (!window.tryAcquire(WINDOW, LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("a write failed or never ended");
        }
    }

    Figures run() throws Exception {
        CountDownLatch initialized = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(NODES);
        RecipeMeter loading = new RecipeMeter();
        try (AutoCloseable cache = client.cache(PATH, initialized::countDown, changed::countDown)) {
            await(initialized);
            RecipeMeter.Figures load = loading.since(1, new Histogram(3));
            RecipeMeter changing = new RecipeMeter();
            Semaphore window = new Semaphore(WINDOW);
            for (int i = 0; i < NODES; i++) {
                window.acquire();
                writer.setData().forPathAsync(node(i), Workload.VALUE).whenComplete((stat, failure) -> {
                    if (failure == null) {
                        window.release();
                    }
                });
            }
            awaitAll(window);
            await(changed);
            return new Figures(load, changing.since(NODES, new Histogram(3)));
        }
    }

    /** The first load alone. */
    void load() throws Exception {
        CountDownLatch initialized = new CountDownLatch(1);
        try (AutoCloseable cache = client.cache(PATH, initialized::countDown, () -> {})) {
            await(initialized);
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException, IOException {
        if (!latch.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(latch.getCount() + " never came");
        }
    }

    @Override
    public void close() {
        writer.close();
        client.close();
    }

    /**
     * @param load of all znodes
     * @param events each
     */
    record Figures(RecipeMeter.Figures load, RecipeMeter.Figures events) {}
}
