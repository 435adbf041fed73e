package io.coord.recipes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import io.coord.recipes.server.CoordTestServer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cache of very many nodes: 200,000, or {@code -Dcoord.cache.nodes=1000000}, which needs a heap of 2 GB for the server and the
 * cache. Prints what it took, and how long somebody else had to wait meanwhile.
 */
@Tag("soak")
class CacheSizeTest {
    private static final int CHILDREN = 1_000;
    private static final int DATA_BYTES = 100;
    private static final int WINDOW = 2_000;
    private static final int BOOKKEEPING_BYTES = 280;

    private static final class Requests implements ClientMetrics {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void onRequestCompleted(CompletedRequest request) {
            count.incrementAndGet();
        }
    }

    private static CoordClient client(CoordTestServer server, ClientMetrics metrics) {
        return CoordClient.builder()
                .connectString(server.connectString())
                .sessionTimeout(Duration.ofSeconds(20))
                .metrics(metrics)
                .build()
                .start();
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void fill(CoordClient client, int nodes) throws InterruptedException {
        client.create().forPath("/big");
        Semaphore window = new Semaphore(WINDOW);
        for (int i = 0; i < nodes; i++) {
            if (i % CHILDREN == 0) {
                client.create().forPath("/big/d" + i / CHILDREN);
            }
            window.acquire();
            client.create()
                    .forPathAsync("/big/d" + i / CHILDREN + "/n" + i, new byte[DATA_BYTES])
                    .whenComplete((path, failure) -> window.release());
        }
        window.acquire(WINDOW);
    }

    @Test
    @SuppressWarnings("SystemOut")
    void holdsThemInLittleMemoryAndKeepsNobodyWaiting() throws InterruptedException {
        int nodes = Integer.getInteger("coord.cache.nodes", 200_000);
        Requests requests = new Requests();
        try (CoordTestServer server = new CoordTestServer();
                CoordClient other = client(server, ClientMetrics.NONE);
                CoordClient client = client(server, requests);
                CoordCache cache = CoordCache.builder(client, "/big").build()) {
            fill(other, nodes);
            client.checkExists().forPath("/big");
            long before = usedBytes();
            int requestsBefore = requests.count.get();
            long longestNs = 0;
            long reads = 0;
            long start = System.nanoTime();
            cache.start();
            while (!cache.isInitialized()) {
                long asked = System.nanoTime();
                other.checkExists().forPath("/big/d0/n0");
                longestNs = Math.max(longestNs, System.nanoTime() - asked);
                reads++;
                assertThat(System.nanoTime() - start)
                        .isLessThan(Duration.ofMinutes(2).toNanos());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            int asked = requests.count.get() - requestsBefore;
            double bytes = (double) (usedBytes() - before) / cache.size();
            System.out.printf(
                    "%,d nodes of %d bytes: filled in %.2f s by %,d requests; %.0f bytes of heap each;"
                            + " another client's longest wait among %,d reads: %.1f ms%n",
                    cache.size(), DATA_BYTES, seconds, asked, bytes, reads, longestNs / 1e6);

            assertThat(cache.size()).isEqualTo(nodes + (nodes + CHILDREN - 1) / CHILDREN + 1);
            int longestPath = ("/big/d" + nodes / CHILDREN + "/n" + nodes).length();
            assertThat(bytes).isLessThan(DATA_BYTES + longestPath + BOOKKEEPING_BYTES);
            assertThat(asked).isLessThan(nodes / 50);
        }
    }
}
