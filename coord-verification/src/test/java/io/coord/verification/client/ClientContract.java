package io.coord.verification.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import io.coord.client.StatHolder;
import io.coord.client.TransactionResult;
import io.coord.client.error.BadVersionException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.NotEmptyException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.session.SessionEvent;
import io.coord.client.watch.Watch;
import io.coord.client.watch.WatchEvent;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Stat;
import io.coord.testkit.FaultProxy;
import io.coord.verification.server.ServerUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operations of the tutorial and their errors. Each test works below a namespace of its own. */
abstract class ClientContract {
    private final List<CoordClient> clients = new CopyOnWriteArrayList<>();
    private final String namespace = "t-" + UUID.randomUUID();
    private ServerUnderTest server;
    private CoordClient client;

    @BeforeEach
    void connect(ServerUnderTest shared) {
        server = shared;
        client = start(server.connectString());
    }

    @AfterEach
    void disconnect() {
        clients.forEach(CoordClient::close);
    }

    private CoordClient start(String connectString) {
        return start(CoordClient.builder().connectString(connectString));
    }

    private CoordClient start(CoordClientBuilder builder) {
        CoordClient started = builder.namespace(namespace)
                .sessionTimeout(Duration.ofSeconds(5))
                .build();
        clients.add(started);
        return started.start();
    }

    @Test
    void tellsNullDataFromNone() throws Exception {
        client.create().forPath("/null", null);
        client.create().forPath("/none", new byte[0]);
        assertThat(client.getData().orNull().forPath("/null")).isNull();
        assertThat(client.getData().orNull().forPath("/none")).isEmpty();
        assertThat(client.getData().forPath("/null")).isEmpty();
        assertThat(client.getData().decompressed().orNull().forPath("/null")).isNull();
        client.setData().forPath("/none", null);
        StatHolder stat = new StatHolder();
        assertThat(client.getData()
                        .storingStatIn(stat)
                        .orNull()
                        .forPathAsync("/none")
                        .toCompletableFuture()
                        .get())
                .isNull();
        assertThat(stat.get().version()).isEqualTo(1);
        client.create().idempotent().orSetData().forPath("/none", new byte[] {1});
        assertThat(client.getData().orNull().forPath("/none")).containsExactly(1);
    }

    @Test
    void anEphemeralNodeIsSeenByOthersUntilItsClientCloses() {
        CoordClient other = start(server.connectString());
        String path = other.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .forPath("/test/tempNode-", bytes("a"));
        assertThat(path).isEqualTo("/test/tempNode-0000000000");
        Stat stat = client.checkExists().forPath(path);
        assertThat(stat).isNotNull();
        assertThat(stat.ephemeralOwner()).isEqualTo(other.sessionId());

        other.close();

        assertThat(client.checkExists().forPath(path)).isNull();
    }

    @Test
    void createsReadsWritesAndDeletesABranch() {
        client.create().creatingParentsIfNeeded().forPath("/animal/dog/whiteDog", bytes("first"));
        StatHolder stat = new StatHolder();
        assertThat(client.getData().storingStatIn(stat).forPath("/animal/dog/whiteDog"))
                .isEqualTo(bytes("first"));
        Stat changed =
                client.setData().withVersion(stat.get().version()).forPath("/animal/dog/whiteDog", bytes("second"));
        assertThat(changed.version()).isEqualTo(1);
        assertThat(client.getChildren().forPath("/animal")).containsExactly("dog");

        client.delete().guaranteed().deletingChildrenIfNeeded().forPath("/animal");

        assertThat(client.checkExists().forPath("/animal")).isNull();
    }

    @Test
    void errorsAreTypesOfTheirOwnAndNameThePath() {
        client.create().creatingParentsIfNeeded().forPath("/a/b", bytes("x"));
        assertThatThrownBy(() -> client.create().forPath("/a/b"))
                .isInstanceOf(NodeExistsException.class)
                .hasMessageContaining("/a/b");
        assertThatThrownBy(() -> client.create().forPath("/missing/b")).isInstanceOf(NoNodeException.class);
        assertThatThrownBy(() -> client.getData().forPath("/missing")).isInstanceOf(NoNodeException.class);
        assertThatThrownBy(() -> client.delete().forPath("/a")).isInstanceOf(NotEmptyException.class);
        assertThatThrownBy(() -> client.setData().withVersion(7).forPath("/a/b", bytes("y")))
                .isInstanceOf(BadVersionException.class);
        assertThat(client.getData().forPath("/a/b")).isEqualTo(bytes("x"));
    }

    @Test
    void createSetsTheDataOfWhatIsThereWhenAsked() {
        client.create().creatingParentsIfNeeded().forPath("/config", bytes("1"));
        assertThat(client.create().orSetData().forPath("/config", bytes("2"))).isEqualTo("/config");
        assertThat(client.getData().forPath("/config")).isEqualTo(bytes("2"));
    }

    @Test
    void aProtectedNodeCarriesItsMark() {
        String path = client.create()
                .creatingParentContainersIfNeeded()
                .withProtection()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .forPath("/lock/n-");
        assertThat(path).matches("/lock/_c_[0-9a-f-]{36}-n-0000000000");
    }

    @Test
    void aTimeToLiveIsGivenToPersistentNodesAloneAndInTransactions() {
        client.create().creatingParentsIfNeeded().forPath("/parent");
        StatHolder stat = new StatHolder();
        client.create().withTtl(Duration.ofMillis(50)).storingStatIn(stat).forPath("/short", bytes("x"));
        assertThat(stat.get().ephemeralOwner()).isZero();
        assertThat(stat.get().dataLength()).isEqualTo(1);
        assertThat(client.create()
                        .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                        .withTtl(Duration.ofHours(1))
                        .forPath("/parent/long-"))
                .isEqualTo("/parent/long-0000000000");
        List<TransactionResult> results = client.transaction()
                .forOperations(client.transactionOp()
                        .create()
                        .withTtl(Duration.ofMillis(50))
                        .forPath("/short-too"));
        assertThat(results).hasSize(1);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.checkExists().forPath("/short") == null
                        && client.checkExists().forPath("/short-too") == null);
        assertThat(client.checkExists().forPath("/parent/long-0000000000")).isNotNull();
    }

    @Test
    void aTimeToLiveThatMakesNoSenseIsRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> client.create().withTtl(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.create().withTtl(Duration.ofMillis(1L << 40)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> client.create()
                        .withMode(CreateMode.EPHEMERAL)
                        .withTtl(Duration.ofSeconds(1))
                        .forPath("/e"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EPHEMERAL");
        assertThatThrownBy(() ->
                        client.create().withMode(CreateMode.PERSISTENT_WITH_TTL).forPath("/t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("withTtl");
    }

    @Test
    void aTransactionHappensWhollyOrNotAtAll() {
        client.create().creatingParentsIfNeeded().forPath("/bank/a", bytes("10"));
        client.create().forPath("/bank/b", bytes("0"));

        List<TransactionResult> results = client.transaction()
                .forOperations(
                        client.transactionOp().check().withVersion(0).forPath("/bank/a"),
                        client.transactionOp().setData().forPath("/bank/a", bytes("9")),
                        client.transactionOp().setData().forPath("/bank/b", bytes("1")),
                        client.transactionOp().create().forPath("/bank/log", bytes("")));
        assertThat(results).hasSize(4);
        assertThat(results.get(3)).isEqualTo(new TransactionResult.Created("/bank/log"));

        TransactionFailedException failure = catchThrowableOfType(
                TransactionFailedException.class,
                () -> client.transaction()
                        .forOperations(
                                client.transactionOp().setData().forPath("/bank/a", bytes("8")),
                                client.transactionOp().delete().forPath("/bank/none")));
        assertThat(failure.failedIndex()).isEqualTo(1);
        assertThat(failure.failure()).isInstanceOf(NoNodeException.class);
        assertThat(client.getData().forPath("/bank/a")).isEqualTo(bytes("9"));
    }

    @Test
    void aOneShotWatchTellsOnceAndAPersistentOneEachTime() {
        client.create().creatingParentsIfNeeded().forPath("/watched", bytes("0"));
        List<WatchEvent> once = new CopyOnWriteArrayList<>();
        List<WatchEvent> always = new CopyOnWriteArrayList<>();
        client.getData().usingWatcher(once::add).forPath("/watched");
        try (Watch watch = client.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT_RECURSIVE)
                .usingWatcher(always::add)
                .forPath("/watched")) {
            client.setData().forPath("/watched", bytes("1"));
            client.setData().forPath("/watched", bytes("2"));
            client.create().forPath("/watched/child");
            client.delete().forPath("/watched/child");

            await().untilAsserted(() -> assertThat(always)
                    .extracting(WatchEvent::type)
                    .containsExactly(
                            EventType.NODE_DATA_CHANGED,
                            EventType.NODE_DATA_CHANGED,
                            EventType.NODE_CREATED,
                            EventType.NODE_DELETED));
            assertThat(watch.path()).isEqualTo("/watched");
        }
        assertThat(once).extracting(WatchEvent::type).containsExactly(EventType.NODE_DATA_CHANGED);
        assertThat(always).extracting(WatchEvent::path).endsWith("/watched/child", "/watched/child");
        await().untilAsserted(() -> assertThat(client.watchCount()).isZero());
    }

    @Test
    void aNodeOfOneAccountIsClosedToOthers() {
        CoordClient owner = start(CoordClient.builder()
                .connectString(server.connectString())
                .authorization("digest", bytes("user:password")));
        owner.create().creatingParentsIfNeeded().withACL(Acl.CREATOR_ALL).forPath("/authNode", bytes("data"));

        assertThatThrownBy(() -> client.getData().forPath("/authNode")).isInstanceOf(NoAuthException.class);
        CoordClient friend = start(CoordClient.builder()
                .connectString(server.connectString())
                .authorization("digest", bytes("user:password")));
        assertThat(friend.getData().forPath("/authNode")).isEqualTo(bytes("data"));
    }

    @Test
    void aCutConnectionKeepsSessionEphemeralsAndWatches() {
        try (FaultProxy proxy = FaultProxy.to(server.port())) {
            CoordClient behindProxy = start(proxy.connectString());
            List<SessionEvent.Type> states = new CopyOnWriteArrayList<>();
            behindProxy.addSessionListener(event -> states.add(event.type()));
            behindProxy
                    .create()
                    .creatingParentsIfNeeded()
                    .withMode(CreateMode.EPHEMERAL)
                    .forPath("/kept", bytes("0"));
            List<WatchEvent> events = new CopyOnWriteArrayList<>();
            behindProxy.getData().usingWatcher(events::add).forPath("/kept");
            long session = behindProxy.sessionId();

            proxy.cut();
            client.setData().forPath("/kept", bytes("1"));

            assertThat(behindProxy.getData().forPath("/kept")).isEqualTo(bytes("1"));
            assertThat(behindProxy.sessionId()).isEqualTo(session);
            await().untilAsserted(() -> {
                assertThat(events).extracting(WatchEvent::type).containsExactly(EventType.NODE_DATA_CHANGED);
                assertThat(states)
                        .containsSubsequence(SessionEvent.Type.SUSPENDED, SessionEvent.Type.RECONNECTED)
                        .doesNotContain(SessionEvent.Type.LOST);
            });
        }
    }

    @Test
    void aThousandCallsAtOnceAreAnsweredInOrder() {
        client.create().creatingParentsIfNeeded().forPath("/many");
        List<CompletionStage<String>> creates = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            creates.add(client.create()
                    .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                    .forPathAsync("/many/n-", bytes(String.valueOf(i))));
        }
        for (int i = 0; i < creates.size(); i++) {
            assertThat(creates.get(i).toCompletableFuture().join()).isEqualTo(String.format("/many/n-%010d", i));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
