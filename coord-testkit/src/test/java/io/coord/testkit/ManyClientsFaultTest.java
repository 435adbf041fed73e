package io.coord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.ClientThreads;
import io.coord.client.CoordClient;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.CreateMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thousand clients in one process, on a handful of threads, and their one server restarts. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyClientsFaultTest {
    private static final Logger log = LoggerFactory.getLogger(ManyClientsFaultTest.class);
    private static final int CLIENTS = 1_000;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private TestServer server;
    private final ClientThreads threads = ClientThreads.create(1, 4);
    private final List<CoordClient> clients = new ArrayList<>();
    private final AtomicInteger reconnected = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger watchesFired = new AtomicInteger();
    private final ConcurrentLinkedQueue<CompletedRequest> requests = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> backAtNs = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() {
        // Sessions long enough for a machine that does other things as well.
        server = TestServer.with(settings -> settings.dataDir(directory)
                .fsync(false)
                .maxClientConnections(0)
                .maxSessionTimeout(Duration.ofSeconds(60)));
    }

    @AfterEach
    void stop() {
        CompletableFuture<?>[] closing = clients.stream()
                .map(each -> each.closeAsync(Duration.ofSeconds(5)).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(closing).orTimeout(60, TimeUnit.SECONDS).join();
        threads.close();
        server.close();
    }

    private void connectAll() {
        ClientMetrics metrics = new ClientMetrics() {
            @Override
            public void onRequestCompleted(CompletedRequest request) {
                requests.add(request);
            }
        };
        for (int i = 0; i < CLIENTS; i++) {
            CoordClient client = CoordClient.builder()
                    .connectString(server.connectString())
                    .sessionTimeout(LONG)
                    .requestTimeout(DEADLINE)
                    .reconnectBackoff(ReconnectBackoff.DEFAULT)
                    .threads(threads)
                    .metrics(metrics)
                    .build();
            client.addSessionListener(event -> {
                if (event.type() == SessionEvent.Type.RECONNECTED) {
                    backAtNs.add(System.nanoTime());
                    reconnected.incrementAndGet();
                } else if (event.type() == SessionEvent.Type.LOST) {
                    lost.incrementAndGet();
                }
            });
            clients.add(client.start());
        }
    }

    private <T> List<T> onAll(java.util.function.Function<CoordClient, java.util.concurrent.CompletionStage<T>> call) {
        List<CompletableFuture<T>> stages = clients.stream()
                .map(each -> call.apply(each).toCompletableFuture())
                .toList();
        return stages.stream()
                .map(each -> each.orTimeout(60, TimeUnit.SECONDS).join())
                .toList();
    }

    @Test
    void allComeBackWithTheirSessionsAndWatchesAndNothingElseIsSent() {
        long begun = System.nanoTime();
        connectAll();
        onAll(each -> each.create().withMode(CreateMode.EPHEMERAL_SEQUENTIAL).forPathAsync("/e-"));
        onAll(each -> each.getData()
                .usingWatcher(event -> watchesFired.incrementAndGet())
                .forPathAsync("/"));
        CoordClient first = clients.get(0);
        first.create().forPath("/changed");
        for (int i = 0; i < 10; i++) {
            clients.get(i)
                    .getData()
                    .usingWatcher(event -> watchesFired.incrementAndGet())
                    .forPath("/changed");
        }
        log.info("{} clients connected and armed in {} ms", CLIENTS, msSince(begun));
        assertThat(clientThreads()).as("network, callback, serial").isLessThanOrEqualTo(1 + 4 + 2);
        Map<CoordClient, Long> sessions = new HashMap<>();
        clients.forEach(each -> sessions.put(each, each.sessionId()));
        requests.clear();

        server.stop();
        await().atMost(LONG).until(() -> clients.stream().noneMatch(each -> each.state() == SessionState.CONNECTED));
        // Calls that are made while nobody answers: they wait, and none misses its deadline.
        List<CompletableFuture<byte[]>> reads = clients.stream()
                .map(each -> each.getData().forPathAsync("/changed").toCompletableFuture())
                .toList();
        long up = System.nanoTime();
        server.start();
        await().atMost(LONG).until(() -> reconnected.get() == CLIENTS);
        reads.forEach(
                each -> assertThat(each.orTimeout(60, TimeUnit.SECONDS).join()).isEmpty());

        List<Long> back =
                backAtNs.stream().map(each -> (each - up) / 1_000_000).sorted().toList();
        log.info(
                "{} clients back {} to {} ms after the server began to start, half of them after {} ms",
                CLIENTS,
                back.get(0),
                back.get(CLIENTS - 1),
                back.get(CLIENTS / 2));
        assertThat(lost).hasValue(0);
        assertThat(clients).allSatisfy(each -> assertThat(each.sessionId()).isEqualTo(sessions.get(each)));
        assertThat(requests)
                .as("a thousand reads that waited, and nothing that the clients made up")
                .hasSize(CLIENTS)
                .allSatisfy(each -> {
                    assertThat(each.op()).isEqualTo(OpCode.GET_DATA);
                    assertThat(each.outcome()).isEqualTo(ClientMetrics.Outcome.SUCCESS);
                    assertThat(each.durationNanos()).isLessThan(DEADLINE.toNanos());
                });
        assertThat(watchesFired).as("nothing has changed").hasValue(0);
        assertThat(first.getChildren().forPath("/"))
                .as("ephemeral znodes live on with their sessions")
                .hasSizeGreaterThan(CLIENTS);
        first.setData().forPath("/changed", new byte[] {1});
        await().atMost(LONG).untilAsserted(() -> assertThat(watchesFired).hasValue(10));
    }

    private static long clientThreads() {
        return Stream.of(Thread.getAllStackTraces().keySet().toArray(Thread[]::new))
                .filter(each -> each.getName().startsWith("coord-client"))
                .count();
    }

    private static long msSince(long ns) {
        return (System.nanoTime() - ns) / 1_000_000;
    }
}
