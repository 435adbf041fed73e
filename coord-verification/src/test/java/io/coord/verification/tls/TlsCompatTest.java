package io.coord.verification.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.coord.client.CoordClient;
import io.coord.client.error.RequestTimeoutException;
import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.StoreFormat;
import io.coord.protocol.tls.TlsConfig;
import io.coord.server.EmbeddedServer;
import io.coord.server.ServerTls;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ClientInfo;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** ZooKeeper's own TLS, in Netty as it is there, on one side and Coord's on the other. Both show certificates. */
class TlsCompatTest {
    private static final Authority OURS = new Authority("ours");
    /** Clients show no certificate where the server names only other authorities, but this one has the name of ours. */
    private static final Authority IMPOSTOR = new Authority("ours");

    private static X509Bundle serverOwner;
    private static X509Bundle clientOwner;

    @TempDir
    private Path directory;

    private final Map<String, String> properties = new TreeMap<>();

    @BeforeAll
    static void issue() {
        ((Logger) LoggerFactory.getLogger("org.apache.zookeeper")).setLevel(Level.OFF);
        serverOwner = OURS.server("server");
        clientOwner = OURS.client("client");
    }

    @AfterEach
    void clearProperties() {
        properties.keySet().forEach(System::clearProperty);
    }

    private void setProperty(String name, String value) {
        properties.put(name, value);
        System.setProperty(name, value);
    }

    private EmbeddedServer startCoord() {
        return EmbeddedServer.builder()
                .tls(ServerTls.builder()
                        .stores(Authority.keys(directory, "server", serverOwner), OURS.trust(directory))
                        .port(0)
                        .build())
                .start();
    }

    /** The names of ZooKeeper's properties, on both sides. */
    private static Map<String, String> stores(StoreFile keys, StoreFile trust) {
        String password = keys.password() == null ? "" : keys.password();
        return Map.of(
                "zookeeper.ssl.keyStore.location",
                keys.location().toString(),
                "zookeeper.ssl.keyStore.password",
                password,
                "zookeeper.ssl.trustStore.location",
                trust.location().toString(),
                "zookeeper.ssl.trustStore.password",
                password);
    }

    private ZKClientConfig zooKeeperClient(StoreFile keys, StoreFile trust) {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty("zookeeper.client.secure", "true");
        config.setProperty("zookeeper.clientCnxnSocket", "org.apache.zookeeper.ClientCnxnSocketNetty");
        stores(keys, trust).forEach(config::setProperty);
        return config;
    }

    @ParameterizedTest
    @EnumSource(StoreFormat.class)
    @SuppressWarnings("try") // ZooKeeper's close() may be interrupted.
    void zooKeepersClientWorksOnCoord(StoreFormat format) throws Exception {
        ZKClientConfig config = zooKeeperClient(
                Authority.keys(directory, "client", clientOwner, format), OURS.trust(directory, format));
        BlockingQueue<WatchedEvent> events = new LinkedBlockingQueue<>();
        try (EmbeddedServer server = startCoord();
                ZooKeeper client = new ZooKeeper(server.secureConnectString(), 20_000, events::add, config)) {
            assertThat(events.poll(20, TimeUnit.SECONDS).getState()).isEqualTo(KeeperState.SyncConnected);
            client.create("/a", new byte[] {1}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            client.getData("/a", true, null);
            client.setData("/a", new byte[800_000], 0);
            assertThat(events.poll(20, TimeUnit.SECONDS).getType()).isEqualTo(EventType.NodeDataChanged);
            assertThat(client.getData("/a", false, null)).hasSize(800_000);
        }
    }

    @Test
    @SuppressWarnings("try") // ZooKeeper's close() may be interrupted.
    void zooKeepersClientIsRefusedWithTheCertificateOfAStranger() throws Exception {
        ZKClientConfig config = zooKeeperClient(
                Authority.keys(directory, "stranger", IMPOSTOR.client("stranger")), OURS.trust(directory));
        CountDownLatch connected = new CountDownLatch(1);
        try (LogLines log = new LogLines();
                EmbeddedServer server = startCoord();
                ZooKeeper client = new ZooKeeper(
                        server.secureConnectString(),
                        20_000,
                        event -> {
                            if (event.getState() == KeeperState.SyncConnected) {
                                connected.countDown();
                            }
                        },
                        config)) {
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.contains("CN=stranger") && line.contains("is signed by another CN=ours")));
            assertThat(client.getState().isConnected()).isFalse();
            assertThat(connected.getCount()).isEqualTo(1);
        }
    }

    @Test
    @SuppressWarnings("try") // ZooKeeper's close() may be interrupted.
    void theNameInAClientsCertificateIsItsIdentity() throws Exception {
        ZKClientConfig config =
                zooKeeperClient(Authority.keys(directory, "client", clientOwner), OURS.trust(directory));
        try (EmbeddedServer server = startCoord();
                ZooKeeper client = new ZooKeeper(server.secureConnectString(), 20_000, event -> {}, config)) {
            client.create("/own", null, ZooDefs.Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
            assertThat(client.getACL("/own", new Stat())).singleElement().satisfies(entry -> {
                assertThat(entry.getId().getScheme()).isEqualTo("x509");
                assertThat(entry.getId().getId()).contains("CN=client");
            });
            assertThat(client.whoAmI()).extracting(ClientInfo::getAuthScheme).containsExactlyInAnyOrder("ip", "x509");
            assertThat(client.getData("/own", false, null)).isNull();
        }
    }

    @Test
    void curatorWorksOnCoord() throws Exception {
        ZKClientConfig config =
                zooKeeperClient(Authority.keys(directory, "client", clientOwner), OURS.trust(directory));
        try (EmbeddedServer server = startCoord();
                CuratorFramework curator = CuratorFrameworkFactory.builder()
                        .connectString(server.secureConnectString())
                        .retryPolicy(new RetryOneTime(100))
                        .zkClientConfig(config)
                        .build()) {
            curator.start();
            InterProcessMutex lock = new InterProcessMutex(curator, "/lock");
            assertThat(lock.acquire(20, TimeUnit.SECONDS)).isTrue();
            assertThat(curator.getChildren().forPath("/lock")).hasSize(1);
            lock.release();
        }
    }

    @ParameterizedTest
    @EnumSource(StoreFormat.class)
    void coordsClientWorksOnZooKeeper(StoreFormat format) throws Exception {
        StoreFile serverKeys = Authority.keys(directory, "zookeeper", serverOwner, format);
        StoreFile trust = OURS.trust(directory, format);
        stores(serverKeys, trust).forEach(this::setProperty);
        TlsConfig tls = TlsConfig.builder()
                .keyStore(Authority.keys(directory, "client", clientOwner, format))
                .trustStore(trust)
                .build();
        try (SecureZooKeeper server = new SecureZooKeeper(directory);
                CoordClient client = CoordClient.builder()
                        .connectString("localhost:" + server.port())
                        .tls(tls)
                        .build()
                        .start()) {
            client.create().forPath("/a", new byte[800_000]);
            assertThat(client.getData().forPath("/a")).hasSize(800_000);
            assertThat(client.whoAmI().forConnection())
                    .anyMatch(id -> id.authScheme().equals("x509") && id.user().equals("CN=client"));
        }
    }

    @Test
    void coordsClientIsRefusedByZooKeeperAsByCoord() throws Exception {
        StoreFile trust = OURS.trust(directory);
        stores(Authority.keys(directory, "zookeeper", serverOwner), trust).forEach(this::setProperty);
        List<TlsConfig> refused = List.of(
                TlsConfig.builder().trustStore(trust).build(),
                TlsConfig.builder()
                        .keyStore(Authority.keys(directory, "stranger", IMPOSTOR.client("stranger")))
                        .trustStore(trust)
                        .build());
        try (SecureZooKeeper server = new SecureZooKeeper(directory)) {
            for (TlsConfig each : refused) {
                try (LogLines log = new LogLines();
                        CoordClient client = CoordClient.builder()
                                .connectString("localhost:" + server.port())
                                .requestTimeout(Duration.ofMillis(100))
                                .tls(each)
                                .build()
                                .start()) {
                    await().untilAsserted(() ->
                            assertThat(log.lines()).anyMatch(line -> line.contains("No server can be reached")));
                    assertThatThrownBy(() -> client.checkExists().forPath("/a"))
                            .isInstanceOf(RequestTimeoutException.class)
                            .hasMessageContaining("the server");
                }
            }
        }
    }
}
