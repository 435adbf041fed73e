package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.fixture.RealZooKeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients on the threads of one object. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientThreadsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int CLIENTS = 200;

    @TempDir
    Path directory;

    private RealZooKeeper zooKeeper;
    private final Set<Thread> before = clientThreads();
    private final ClientThreads threads = ClientThreads.create(2, 3);
    private final List<CoordClient> clients = new ArrayList<>();

    @BeforeEach
    void start() {
        zooKeeper = RealZooKeeper.start(directory);
    }

    @AfterEach
    void stop() {
        clients.forEach(CoordClient::close);
        threads.close();
        zooKeeper.close();
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().startsWith("coord-client"))
                .collect(Collectors.toSet());
    }

    private Set<Thread> newClientThreads() {
        Set<Thread> now = clientThreads();
        now.removeAll(before);
        return now;
    }

    private CoordClient newClient() {
        CoordClient client = CoordClient.builder()
                .connectString(zooKeeper.connectString())
                .threads(threads)
                .build()
                .start();
        clients.add(client);
        return client;
    }

    @Test
    void hundredsOfClientsNeedAHandfulOfThreads() {
        List<CompletableFuture<?>> creates = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            CoordClient client = newClient();
            creates.add(client.create()
                    .forPathAsync("/c" + i)
                    .thenCompose(path -> client.getData().forPathAsync(path))
                    .toCompletableFuture());
        }
        CompletableFuture.allOf(creates.toArray(CompletableFuture[]::new))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertThat(newClientThreads())
                .as("2 for the network, 3 for callbacks")
                .hasSizeLessThanOrEqualTo(2 + 3)
                .filteredOn(each -> each.getName().startsWith("coord-client-io"))
                .hasSize(2);
        assertThat(clients.stream().map(CoordClient::sessionId).distinct()).hasSize(CLIENTS);
    }

    @Test
    void closingOneClientLeavesTheOthersAlone() {
        CoordClient one = newClient();
        CoordClient two = newClient();
        CoordClient three = newClient();
        one.create().forPath("/a");
        one.close();
        assertThat(two.checkExists().forPath("/a")).isNotNull();
        assertThat(three.checkExists().forPath("/a")).isNotNull();
    }

    @Test
    void theThreadsEndWithTheLastClientWhenTheyAreClosedBefore() {
        CoordClient one = newClient();
        CoordClient two = newClient();
        two.create().forPath("/a");
        threads.close();
        threads.close();
        assertThatThrownBy(this::newClient)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        one.close();
        assertThat(two.checkExists().forPath("/a")).isNotNull();
        two.close();
        await().atMost(LONG).untilAsserted(() -> assertThat(newClientThreads()).isEmpty());
    }

    @Test
    void theThreadsStayUntilTheyAreClosed() {
        newClient().close();
        CoordClient next = newClient();
        next.create().forPath("/a");
        next.close();
        threads.close();
        await().atMost(LONG).untilAsserted(() -> assertThat(newClientThreads()).isEmpty());
    }

    @Test
    void aClientWithoutSharedThreadsTakesItsOwnAwayWithIt() {
        try (CoordClient alone = CoordClient.builder()
                .connectString(zooKeeper.connectString())
                .build()
                .start()) {
            alone.checkExists().forPathAsync("/").toCompletableFuture().join();
            assertThat(newClientThreads()).isNotEmpty();
        }
        await().atMost(LONG).untilAsserted(() -> assertThat(newClientThreads()).isEmpty());
    }

    @Test
    void aCallbackThatBlocksHoldsUpOnlyItsOwnClient() {
        CoordClient blocked = newClient();
        CoordClient free = newClient();
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<?> held = blocked.checkExists()
                .forPathAsync("/")
                .thenRun(() -> {
                    try {
                        release.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .toCompletableFuture();
        try {
            CompletableFuture<Boolean> told =
                    free.checkExists().forPathAsync("/").thenApply(stat -> true).toCompletableFuture();
            assertThat(told.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
            assertThat(blocked.checkExists().forPath("/"))
                    .as("its network goes on")
                    .isNotNull();
            assertThat(held).isNotDone();
        } finally {
            release.countDown();
        }
    }
}
