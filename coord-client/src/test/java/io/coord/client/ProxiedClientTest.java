package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.fixture.CuttableProxy;
import io.coord.client.fixture.RealZooKeeper;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.session.SessionEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real ZooKeeper, a client that reaches it through a proxy that can be cut, and another one that always reaches it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ProxiedClientTest {
    static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    RealZooKeeper zooKeeper;
    CuttableProxy proxy;
    CoordClient client;
    CoordClient other;
    final List<SessionEvent.Type> told = new CopyOnWriteArrayList<>();

    /** Changes the settings of the client behind the proxy. */
    void configure(CoordClientBuilder builder) {}

    @BeforeEach
    final void start() {
        zooKeeper = RealZooKeeper.start(directory);
        proxy = new CuttableProxy(zooKeeper.port());
        CoordClientBuilder builder = CoordClient.builder()
                .connectString(proxy.connectString())
                .requestTimeout(LONG)
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(100), 0.5));
        configure(builder);
        client = builder.build();
        client.addSessionListener(event -> told.add(event.type()));
        client.start();
        other = CoordClient.builder()
                .connectString(zooKeeper.connectString())
                .build()
                .start();
        assertThat(client.blockUntilConnected(LONG)).isTrue();
    }

    @AfterEach
    final void stop() {
        client.close(Duration.ZERO);
        other.close();
        proxy.close();
        zooKeeper.close();
    }

    final void awaitTold(SessionEvent.Type... expected) {
        await().atMost(LONG).untilAsserted(() -> assertThat(told).containsExactly(expected));
    }
}
