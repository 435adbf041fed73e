package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.CoordClient;
import io.coord.client.error.ResponseTooLargeException;
import io.coord.client.error.ServerErrorException;
import io.coord.client.session.SessionEvent;
import io.coord.server.EmbeddedServer;
import io.coord.verification.server.ServerUnderTest;
import io.coord.verification.server.ZooKeeperUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stock clients with their default limit make of a list that is longer: an error, and no other notice. */
@Timeout(120)
class ResponseLimitCompatTest {
    private static final int CHILDREN = 12_000;
    private static final String LONG_NAME = "x".repeat(90);

    private final AtomicInteger disconnects = new AtomicInteger();
    private EmbeddedServer server;
    private ZooKeeper client;

    @BeforeEach
    void fill() throws Exception {
        server = EmbeddedServer.builder().port(0).start();
        client = connect(server.port());
        fillAt(client);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void stockClientGetsAnExceptionAndKeepsItsConnection() throws Exception {
        long session = client.getSessionId();
        assertThatThrownBy(() -> client.getChildren("/many", false))
                .isInstanceOf(KeeperException.MarshallingErrorException.class)
                .hasMessageContaining("/many");
        assertThatThrownBy(() -> client.getChildren("/many", true)).isInstanceOf(KeeperException.class);
        assertThatThrownBy(() -> client.multi(List.of(Op.getChildren("/many"), Op.getData("/many"))))
                .isInstanceOf(KeeperException.MarshallingErrorException.class);
        assertThat(client.exists("/many", false).getNumChildren()).isEqualTo(CHILDREN);
        assertThat(client.getSessionId()).isEqualTo(session);
        assertThat(disconnects).hasValue(0);
        assertThat(server.status().refusedResponses()).isEqualTo(3);
    }

    @Test
    void curatorDoesNotTryAgainForEver() {
        try (CuratorFramework curator =
                CuratorFrameworkFactory.newClient("127.0.0.1:" + server.port(), new RetryForever(10))) {
            curator.start();
            assertThatThrownBy(() -> curator.getChildren().forPath("/many"))
                    .isInstanceOf(KeeperException.MarshallingErrorException.class);
        }
        assertThat(server.status().refusedResponses()).isEqualTo(1);
    }

    @Test
    void ourClientSkipsWhatIsLongerThanItsOwnLimitAndGoesOn() throws Exception {
        client.create("/few", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < 100; i++) {
            client.create("/few/" + LONG_NAME + i, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        List<SessionEvent.Type> events = new CopyOnWriteArrayList<>();
        try (CoordClient ours = CoordClient.builder()
                .connectString("127.0.0.1:" + server.port())
                .maxResponseBytes(5_000)
                .build()
                .start()) {
            ours.getData().forPath("/few");
            ours.addSessionListener(event -> events.add(event.type()));
            CompletionStage<byte[]> before = ours.getData().forPathAsync("/few");
            CompletionStage<List<String>> list = ours.getChildren().forPathAsync("/few");
            CompletionStage<byte[]> after = ours.getData().forPathAsync("/few");

            assertThat(before.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThat(after.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
            assertThatThrownBy(() -> list.toCompletableFuture().join())
                    .hasCauseInstanceOf(ResponseTooLargeException.class)
                    .hasMessageContaining("/few")
                    .hasMessageMatching("(?s).*the response has \\d+ bytes, the limit is 5000.*");
            assertThatThrownBy(() -> ours.getChildren().forPath("/many"))
                    .isInstanceOf(ServerErrorException.class)
                    .hasMessageContaining("/many");
            assertThat(ours.checkExists().forPath("/few")).isNotNull();
            assertThat(events).doesNotContain(SessionEvent.Type.SUSPENDED, SessionEvent.Type.LOST);
        }
    }

    /** The endless loop that this is instead of. */
    @Test
    @SuppressWarnings("try") // ZooKeeper's close() may be interrupted.
    void onZooKeeperItCostsTheConnection() throws Exception {
        try (ServerUnderTest zooKeeper = ZooKeeperUnderTest.start();
                ZooKeeper other = connect(zooKeeper.port())) {
            fillAt(other);
            assertThatThrownBy(() -> other.getChildren("/many", false))
                    .isInstanceOf(KeeperException.ConnectionLossException.class);
        }
    }

    private static void fillAt(ZooKeeper at) throws Exception {
        at.create("/many", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < CHILDREN; i += 1_000) {
            List<Op> ops = new ArrayList<>();
            for (int j = i; j < i + 1_000; j++) {
                ops.add(Op.create("/many/" + LONG_NAME + j, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
            }
            at.multi(ops);
        }
    }

    private ZooKeeper connect(int port) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper opened = new ZooKeeper("127.0.0.1:" + port, 30_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            } else if (event.getState() == KeeperState.Disconnected) {
                disconnects.incrementAndGet();
            }
        });
        assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
        return opened;
    }
}
