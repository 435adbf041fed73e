package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.error.CallInterruptedException;
import io.coord.client.fixture.CuttableProxy;
import io.coord.client.fixture.RealZooKeeper;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.session.SessionState;
import io.coord.client.spi.Connector;
import io.coord.client.spi.HostResolver;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names, addresses and servers that are not what they should be. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServersTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int SEVERAL = 6;

    @TempDir
    Path directory;

    private RealZooKeeper zooKeeper;
    private final ClientThreads threads = ClientThreads.create();
    private final List<CoordClient> clients = new ArrayList<>();

    @BeforeEach
    void start() {
        zooKeeper = RealZooKeeper.start(directory);
    }

    @AfterEach
    void stop() {
        clients.forEach(each -> each.close(Duration.ZERO));
        threads.close();
        zooKeeper.close();
    }

    private CoordClient client(String servers, Connector connector) {
        CoordClient client = CoordClient.builder()
                .connectString(servers)
                .connector(connector)
                .threads(threads)
                .connectTimeout(Duration.ofMillis(400))
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(100), 0.5))
                .build()
                .start();
        clients.add(client);
        return client;
    }

    /** The order of the servers is random for each client, so several make sure that the bad one comes first for some. */
    private void severalClientsWork(String servers) {
        for (int i = 0; i < SEVERAL; i++) {
            assertThat(client(servers, Connector.tcp()).getChildren().forPath("/"))
                    .contains("zookeeper");
        }
    }

    @Test
    void passesOverAServerThatAcceptsAndIsSilent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            severalClientsWork("127.0.0.1:" + silent.getLocalPort() + "," + zooKeeper.connectString());
        }
    }

    @Test
    void passesOverAServerThatRefusesSessions() throws IOException {
        try (ServerSocket refusing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            AtomicInteger refused = new AtomicInteger();
            Thread server = new Thread(() -> refuseSessions(refusing, refused));
            server.setDaemon(true);
            server.start();
            severalClientsWork("127.0.0.1:" + refusing.getLocalPort() + "," + zooKeeper.connectString());
            CoordClient onlyRefused = client("127.0.0.1:" + refusing.getLocalPort(), Connector.tcp());
            int before = refused.get();
            await().atMost(LONG).until(() -> refused.get() >= before + 3);
            assertThat(onlyRefused.sessionId()).isZero();
        }
    }

    private static void refuseSessions(ServerSocket listener, AtomicInteger refused) {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                in.skipNBytes(in.readInt());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeInt(4 + 4 + 8 + 4 + 16 + 1);
                out.writeInt(0);
                out.writeInt(0);
                out.writeLong(0);
                out.writeInt(16);
                out.write(new byte[16]);
                out.writeBoolean(false);
                out.flush();
                refused.incrementAndGet();
                // Until the client goes.
                in.read();
            } catch (IOException e) {
                // The client, or the test, has gone.
            }
        }
    }

    @Test
    void triesAllAddressesOfANameInOneAttempt() {
        HostResolver twoDead = host -> List.of(
                InetAddress.getByName("127.0.0.2"),
                InetAddress.getByName("127.0.0.1"),
                InetAddress.getByName("127.0.0.3"));
        for (int i = 0; i < SEVERAL; i++) {
            // A second attempt would come too late, so the first one has to find the address that works.
            CoordClient client = CoordClient.builder()
                    .connectString("zk.example:" + zooKeeper.port())
                    .connector(Connector.tcp(twoDead))
                    .threads(threads)
                    .reconnectBackoff(new ReconnectBackoff(Duration.ofMinutes(5), Duration.ofMinutes(5), 0))
                    .build()
                    .start();
            clients.add(client);
            assertThat(client.blockUntilConnected(LONG)).isTrue();
        }
    }

    @Test
    void honoursAChangedAddress() throws UnknownHostException {
        CuttableProxy before = new CuttableProxy(zooKeeper.port(), InetAddress.getByName("127.0.0.2"), 0);
        AtomicReference<String> address = new AtomicReference<>("127.0.0.2");
        CoordClient client = client(
                "zk.example:" + before.port(), Connector.tcp(host -> List.of(InetAddress.getByName(address.get()))));
        assertThat(client.blockUntilConnected(LONG)).isTrue();
        long session = client.sessionId();
        before.close();
        await().atMost(LONG).until(() -> client.state() == SessionState.SUSPENDED);
        // The same port on another address, as a name that moves keeps its port.
        try (CuttableProxy moved =
                new CuttableProxy(zooKeeper.port(), InetAddress.getByName("127.0.0.3"), before.port())) {
            address.set("127.0.0.3");
            assertThat(client.blockUntilConnected(LONG)).isTrue();
            assertThat(moved.accepted()).isPositive();
            assertThat(client.sessionId()).isEqualTo(session);
        }
    }

    @Test
    void aNameServerThatHangsHoldsUpNobodyElse() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CoordClient hanging = client("zk.example:2181", Connector.tcp(host -> {
            asked.countDown();
            try {
                release.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        }));
        try {
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            CoordClient other = client("localhost:" + zooKeeper.port(), Connector.tcp());
            assertThat(other.getChildren().forPath("/")).contains("zookeeper");
            assertThat(hanging.blockUntilConnected(Duration.ofMillis(1))).isFalse();
        } finally {
            release.countDown();
        }
    }

    @Test
    void clientsThatComeTogetherAskForANameOnce() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        Connector connector = Connector.tcp(host -> {
            asked.incrementAndGet();
            try {
                release.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of(InetAddress.getByName("127.0.0.1"));
        });
        for (int i = 0; i < 50; i++) {
            client("zk.example:" + zooKeeper.port(), connector);
        }
        await().atMost(LONG).until(() -> asked.get() == 1);
        release.countDown();
        for (CoordClient each : clients) {
            assertThat(each.blockUntilConnected(LONG)).isTrue();
        }
        assertThat(asked.get())
                .as("attempts that did not meet the first question")
                .isLessThan(10);
    }

    @Test
    void aLateAnswerOfANameServerSetsOffNoAttemptThatWasGivenUp() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        Connector late = Connector.tcp(host -> {
            awaitUninterrupted(release);
            return List.of(InetAddress.getByName("127.0.0.1"));
        });
        try (CuttableProxy proxy = new CuttableProxy(zooKeeper.port())) {
            CoordClient client = client("zk.example:" + proxy.port(), (loop, server, timeout, handler) -> {
                attempts.incrementAndGet();
                return late.connect(loop, server, timeout, handler);
            });
            await().atMost(LONG).until(() -> attempts.get() >= 6);
            release.countDown();
            assertThat(client.getChildren().forPath("/")).contains("zookeeper");
            assertThat(proxy.accepted()).isBetween(1, 2);
        }
    }

    @Test
    void aResolverThatThrowsAnErrorIsAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        CoordClient client = client("zk.example:" + zooKeeper.port(), Connector.tcp(host -> {
            if (asked.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("a resolver that cannot be loaded");
            }
            return List.of(InetAddress.getByName("127.0.0.1"));
        }));
        assertThat(client.blockUntilConnected(LONG)).isTrue();
    }

    @Test
    void aWatchWhoseWaiterWasInterruptedIsClosedWhenItIsArmed() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CoordClient client = client("zk.example:" + zooKeeper.port(), Connector.tcp(host -> {
            awaitUninterrupted(release);
            return List.of(InetAddress.getByName("127.0.0.1"));
        }));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiter = new Thread(() -> {
            try {
                client.watchers().add().usingWatcher(event -> {}).forPath("/a");
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        waiter.start();
        await().atMost(LONG).until(() -> client.pendingRequests() == 1);
        waiter.interrupt();
        waiter.join(20_000);
        assertThat(thrown.get()).isInstanceOf(CallInterruptedException.class);
        release.countDown();
        assertThat(client.getChildren().forPath("/")).contains("zookeeper");
        await().atMost(LONG).untilAsserted(() -> assertThat(client.watchCount()).isZero());
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void connectsToAnIpv6AddressInBrackets() throws IOException {
        assumeThat(NetworkInterface.getByInetAddress(InetAddress.getByName("::1")))
                .as("this machine has IPv6")
                .isNotNull();
        try (CuttableProxy proxy = new CuttableProxy(zooKeeper.port(), InetAddress.getByName("::1"), 0)) {
            CoordClient client = client("[::1]:" + proxy.port(), Connector.tcp());
            assertThat(client.getChildren().forPath("/")).contains("zookeeper");
        }
    }

    @Test
    void worksBelowAChrootThatExists() {
        client(zooKeeper.connectString(), Connector.tcp()).create().forPath("/app");
        CoordClient below = client(zooKeeper.connectString() + "/app", Connector.tcp());
        assertThat(below.create().forPath("/a")).isEqualTo("/a");
        assertThat(clients.get(0).getChildren().forPath("/app")).containsExactly("a");
    }
}
