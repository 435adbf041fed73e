package io.coord.recipes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import io.coord.protocol.OpCode;
import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.WaitingClient;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cache of very many nodes: 200,000, or {@code -Dcoord.cache.nodes=1000000}, which needs a heap of 700 MB for the
 * cache. The server has a process of its own, and so has another client, of which it prints how long it had to wait.
 */
@Tag("soak")
class CacheSizeTest {
    private static final int CHILDREN = 1_000;
    private static final int DATA_BYTES = 100;
    private static final int WINDOW = 2_000;
    private static final int SERVER_HEAP_MB = 768;
    private static final Duration OBSERVED = Duration.ofSeconds(5);
    private static final int BOOKKEEPING_BYTES = 280;

    private static final class Requests implements ClientMetrics {
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicInteger many = new AtomicInteger();

        @Override
        public void onRequestCompleted(CompletedRequest request) {
            count.incrementAndGet();
            if (request.op() == OpCode.MULTI_READ) {
                many.incrementAndGet();
            }
        }
    }

    private static CoordClient client(CoordServerProcess server, ClientMetrics metrics) {
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
        try (CoordServerProcess server = CoordServerProcess.start(SERVER_HEAP_MB, "-XX:+UseG1GC");
                CoordClient client = client(server, requests);
                CoordCache cache = CoordCache.builder(client, "/big").build()) {
            fill(client, nodes);
            try (WaitingClient other = new WaitingClient(server.connectString(), "/big/d0/n0")) {
                long before = usedBytes();
                WaitingClient.Waits quiet = observe(other, client);
                int requestsBefore = requests.count.get();
                long ownLongestNs = 0;
                long start = System.nanoTime();
                cache.start();
                while (!cache.isInitialized()) {
                    long asked = System.nanoTime();
                    client.checkExists().forPath("/big/d0/n0");
                    ownLongestNs = Math.max(ownLongestNs, System.nanoTime() - asked);
                    assertThat(System.nanoTime() - start)
                            .isLessThan(Duration.ofMinutes(2).toNanos());
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                WaitingClient.Waits filling = other.waits();
                int asked = requests.count.get() - requestsBefore;
                double bytes = (double) (usedBytes() - before) / cache.size();
                System.out.printf(
                        "%,d nodes of %d bytes: filled in %.2f s; %,d requests with those of this client's other calls, the"
                                + " longest of which took %.1f ms; %.0f bytes of heap each%n",
                        cache.size(), DATA_BYTES, seconds, asked, ownLongestNs / 1e6, bytes);
                System.out.println("another client, before: " + quiet);
                System.out.println("another client, meanwhile: " + filling);

                assertThat(cache.size()).isEqualTo(nodes + (nodes + CHILDREN - 1) / CHILDREN + 1);
                int longestPath = ("/big/d" + nodes / CHILDREN + "/n" + nodes).length();
                assertThat(bytes).isLessThan(DATA_BYTES + longestPath + BOOKKEEPING_BYTES);
                assertThat(requests.many.get()).isLessThan(nodes / 50);
                assertThat(filling.reads()).isPositive();
            }
        }
    }

    /** What another client waits while only one more client works. */
    private static WaitingClient.Waits observe(WaitingClient other, CoordClient client) {
        long until = System.nanoTime() + OBSERVED.toNanos();
        while (System.nanoTime() - until < 0) {
            client.checkExists().forPath("/big/d0/n0");
        }
        other.waits();
        until = System.nanoTime() + OBSERVED.toNanos();
        while (System.nanoTime() - until < 0) {
            client.checkExists().forPath("/big/d0/n0");
        }
        return other.waits();
    }
}
