package io.coord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.client.error.CoordException;
import io.coord.protocol.data.CreateMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestServerTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final byte[] DATA = "data".getBytes(StandardCharsets.UTF_8);

    @Test
    void servesItsClients() {
        try (TestServer server = TestServer.inMemory()) {
            CoordClient one = server.newClient();
            CoordClient two = server.newClient(settings -> settings.namespace("a"));
            one.create().forPath("/a", DATA);
            two.create().forPath("/b", DATA);
            assertThat(one.getData().forPath("/a/b")).isEqualTo(DATA);
        }
    }

    @Test
    void servesWithoutASocket() {
        try (TestServer server = TestServer.inMemory()) {
            CoordClient client = server.newClient(settings -> settings.connector(server.connector()));
            client.create().forPath("/a", DATA);
            assertThat(server.newClient().getData().forPath("/a")).isEqualTo(DATA);
            server.restart();
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> client.checkExists().forPath("/a") == null);
        }
    }

    @Test
    void letsTimePassAtOnce() {
        try (TestServer server = TestServer.inMemory()) {
            FaultProxy proxy = server.newProxy();
            CoordClient client = server.newClient();
            CoordClient unlucky = server.newClient(settings -> settings.connectString(proxy.connectString()));
            unlucky.create().withMode(CreateMode.EPHEMERAL).forPath("/e", DATA);
            client.create()
                    .withTtl(Duration.ofHours(1))
                    .withMode(CreateMode.PERSISTENT_WITH_TTL)
                    .forPath("/daily", DATA);
            proxy.blackhole();
            server.advanceClock(Duration.ofMinutes(59));
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> client.checkExists().forPath("/e") == null);
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> client.checkExists().forPath("/daily") != null);
            server.advanceClock(Duration.ofMinutes(2));
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> client.checkExists().forPath("/daily") == null);
        }
    }

    @Test
    void keepsPortDataAndSessionsThroughARestart(@TempDir Path directory) {
        try (TestServer server = TestServer.on(directory)) {
            CoordClient client = server.newClient();
            client.create().withMode(CreateMode.EPHEMERAL).forPath("/e", DATA);
            int port = server.port();
            long session = client.sessionId();
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> client.checkExists().forPath("/e") != null);
            assertThat(client.sessionId()).isEqualTo(session);
        }
    }

    @Test
    void expiresASessionOnDemand() {
        try (TestServer server = TestServer.inMemory()) {
            CoordClient lost = server.newClient();
            lost.create().withMode(CreateMode.EPHEMERAL).forPath("/e", DATA);
            long session = lost.sessionId();
            server.expire(lost);
            assertThat(server.newClient().checkExists().forPath("/e")).isNull();
            await().atMost(SOON).until(() -> lost.sessionId() != session);
        }
    }

    @Test
    void cutsAClientOffThroughAProxyAndLetsItBack() {
        try (TestServer server = TestServer.inMemory()) {
            FaultProxy proxy = server.newProxy();
            CoordClient unlucky = server.newClient(
                    settings -> settings.connectString(proxy.connectString()).requestTimeout(Duration.ofMillis(500)));
            long session = unlucky.sessionId();
            proxy.refuse();
            proxy.cut();
            assertThatThrownBy(() -> unlucky.getData().forPath("/")).isInstanceOf(CoordException.class);
            proxy.resume();
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> unlucky.checkExists().forPath("/") != null);
            assertThat(unlucky.sessionId()).isEqualTo(session);
        }
    }

    @Test
    void isClosedInAnyState() {
        TestServer server = TestServer.inMemory();
        server.stop();
        server.stop();
        assertThatThrownBy(server::server).isInstanceOf(IllegalStateException.class);
        server.close();
        server.close();
    }
}
