package io.coord.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.coord.client.error.BadArgumentsException;
import io.coord.client.error.BadVersionException;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.ClientClosedException;
import io.coord.client.error.CoordException;
import io.coord.client.error.InvalidAclException;
import io.coord.client.error.NoChildrenForEphemeralsException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.NotEmptyException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.RequestTooLargeException;
import io.coord.client.error.TransactionFailedException;
import io.coord.client.fixture.RealZooKeeper;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.InvalidPathException;
import io.coord.protocol.data.Stat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every operation against a real ZooKeeper. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientOperationsTest {
    @TempDir
    static Path directory;

    private static RealZooKeeper zooKeeper;

    private CoordClient client;

    @BeforeAll
    static void startServer() {
        zooKeeper = RealZooKeeper.start(directory);
    }

    @AfterAll
    static void stopServer() {
        zooKeeper.close();
    }

    @BeforeEach
    void connect() {
        client = CoordClient.builder()
                .connectString(zooKeeper.connectString())
                .build()
                .start();
    }

    @AfterEach
    void removeEverything() {
        for (String name : client.getChildren().forPath("/")) {
            if (!name.equals("zookeeper")) {
                client.delete().quietly().deletingChildrenIfNeeded().forPath("/" + name);
            }
        }
        client.close();
    }

    @Test
    void createsWithEmptyDataByDefault() {
        assertThat(client.create().forPath("/a")).isEqualTo("/a");
        assertThat(client.getData().forPath("/a")).isEmpty();
    }

    @Test
    void createsEachKindOfNode() {
        client.create().forPath("/a");
        assertThat(client.create().withMode(CreateMode.PERSISTENT_SEQUENTIAL).forPath("/a/s-"))
                .isEqualTo("/a/s-0000000000");
        assertThat(client.create().withMode(CreateMode.EPHEMERAL_SEQUENTIAL).forPath("/a/e-"))
                .isEqualTo("/a/e-0000000001");
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/a/e");
        client.create().withMode(CreateMode.CONTAINER).forPath("/a/c");
        Stat ephemeral = client.checkExists().forPath("/a/e");
        assertThat(ephemeral).isNotNull();
        assertThat(ephemeral.ephemeralOwner()).isEqualTo(client.sessionId());
        assertThat(client.checkExists().forPath("/a/c")).isNotNull();
    }

    @Test
    void createsSequentialNodesWithoutANameOfTheirOwn() {
        client.create().forPath("/a");
        assertThat(client.create().withMode(CreateMode.PERSISTENT_SEQUENTIAL).forPath("/a/"))
                .isEqualTo("/a/0000000000");
    }

    @Test
    void storesTheStatOfANewNode() {
        StatHolder stat = new StatHolder();
        client.create().storingStatIn(stat).forPath("/a", "abc".getBytes(UTF_8));
        assertThat(stat.get()).isEqualTo(client.checkExists().forPath("/a"));
        StatHolder ofContainer = new StatHolder();
        client.create()
                .withMode(CreateMode.CONTAINER)
                .storingStatIn(ofContainer)
                .forPath("/c");
        assertThat(ofContainer.get().czxid()).isGreaterThan(stat.get().czxid());
    }

    @Test
    void createsParentsAndParentContainers() {
        client.create().creatingParentsIfNeeded().forPath("/a/b/c");
        client.create().creatingParentContainersIfNeeded().forPath("/x/y/z");
        assertThat(client.checkExists().forPath("/a/b/c")).isNotNull();
        assertThat(client.checkExists().forPath("/x/y/z")).isNotNull();
        client.checkExists().creatingParentContainersIfNeeded().forPath("/p/q/r");
        assertThat(client.checkExists().forPath("/p/q")).isNotNull();
        assertThat(client.checkExists().forPath("/p/q/r")).isNull();
    }

    @Test
    void setsDataWhenTheNodeIsThereAlready() {
        client.create().forPath("/a", new byte[] {1});
        StatHolder stat = new StatHolder();
        assertThat(client.create().orSetData().storingStatIn(stat).forPath("/a", new byte[] {2}))
                .isEqualTo("/a");
        assertThat(stat.get().version()).isEqualTo(1);
        assertThat(client.getData().forPath("/a")).containsExactly(2);
        assertThatThrownBy(() -> client.create().orSetData(7).forPath("/a")).isInstanceOf(BadVersionException.class);
    }

    @Test
    void takesAnEqualNodeForItsOwnWhenIdempotent() {
        client.create().idempotent().forPath("/a", new byte[] {1});
        assertThat(client.create().idempotent().forPath("/a", new byte[] {1})).isEqualTo("/a");
        assertThatThrownBy(() -> client.create().idempotent().forPath("/a", new byte[] {2}))
                .isInstanceOf(NodeExistsException.class);
        assertThatThrownBy(() -> client.create()
                        .idempotent()
                        .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                        .forPath("/s-"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void protectsWithTheLayoutOfCurator() {
        client.create().forPath("/a");
        String path = client.create()
                .withProtection()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .forPath("/a/lock-");
        assertThat(path).matches("/a/_c_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-lock-0000000000");
    }

    @Test
    void readsAndWritesWithStatAndVersion() {
        client.create().forPath("/a", new byte[] {1});
        StatHolder stat = new StatHolder();
        assertThat(client.getData().storingStatIn(stat).forPath("/a")).containsExactly(1);
        Stat after = client.setData().withVersion(stat.get().version()).forPath("/a", new byte[] {2, 3});
        assertThat(after.version()).isEqualTo(1);
        assertThat(after.dataLength()).isEqualTo(2);
        assertThatThrownBy(() -> client.setData().withVersion(0).forPath("/a"))
                .isInstanceOf(BadVersionException.class)
                .hasMessageContaining("setData /a");
        assertThat(client.setData().idempotent().forPath("/a").dataLength()).isZero();
    }

    @Test
    void listsChildrenWithTheStatOfTheParent() {
        client.create().creatingParentsIfNeeded().forPath("/a/b");
        client.create().forPath("/a/c");
        StatHolder stat = new StatHolder();
        assertThat(client.getChildren().storingStatIn(stat).forPath("/a")).containsExactlyInAnyOrder("b", "c");
        assertThat(stat.get().numChildren()).isEqualTo(2);
        assertThat(client.getChildren().forPath("/a/b")).isEmpty();
    }

    @Test
    void readsAndReplacesAcls() {
        List<Acl> readOnly = List.of(new Acl(Acl.READ | Acl.ADMIN, Id.ANYONE));
        client.create().forPath("/a");
        StatHolder stat = new StatHolder();
        assertThat(client.getACL().storingStatIn(stat).forPath("/a")).isEqualTo(Acl.OPEN);
        Stat after = client.setACL()
                .withVersion(stat.get().aversion())
                .withACL(readOnly)
                .forPath("/a");
        assertThat(after.aversion()).isEqualTo(1);
        assertThat(client.getACL().forPath("/a")).isEqualTo(readOnly);
        assertThatThrownBy(() -> client.create().withACL(List.of()).forPath("/b"))
                .isInstanceOf(InvalidAclException.class);
        client.setACL().forPath("/a");
        assertThat(client.getACL().forPath("/a")).isEqualTo(Acl.OPEN);
    }

    @Test
    void syncs() {
        client.sync().forPath("/");
        assertThat(client.sync().forPathAsync("/any").toCompletableFuture().join())
                .isNull();
    }

    @Test
    void namesOperationAndPathInErrors() {
        NoNodeException missing = catchThrowableOfType(
                NoNodeException.class, () -> client.getData().forPath("/missing"));
        assertThat(missing.operation()).isEqualTo("getData");
        assertThat(missing.path()).isEqualTo("/missing");
        assertThat(missing.isOutcomeUnknown()).isFalse();
        assertThat(missing.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(getClass().getName()));
        client.create().forPath("/a");
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/a/e");
        assertThatThrownBy(() -> client.create().forPath("/a")).isInstanceOf(NodeExistsException.class);
        assertThatThrownBy(() -> client.create().forPath("/no/child")).isInstanceOf(NoNodeException.class);
        assertThatThrownBy(() -> client.create().forPath("/a/e/x"))
                .isInstanceOf(NoChildrenForEphemeralsException.class);
        assertThatThrownBy(() -> client.delete().forPath("/a")).isInstanceOf(NotEmptyException.class);
        assertThatThrownBy(() -> client.delete().withVersion(3).forPath("/a/e"))
                .isInstanceOf(BadVersionException.class);
        assertThatThrownBy(() -> client.delete().forPath("/")).isInstanceOf(BadArgumentsException.class);
    }

    @Test
    void deletesQuietlyAndWholeBranches() {
        client.delete().quietly().forPath("/missing");
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 20; j++) {
                client.create().creatingParentsIfNeeded().forPathAsync("/a/" + i + "/" + j + "/leaf");
            }
        }
        client.sync().forPath("/a");
        client.delete().deletingChildrenIfNeeded().forPath("/a");
        assertThat(client.checkExists().forPath("/a")).isNull();
    }

    @Test
    void runsTransactionsWithTypedResults() {
        client.create().forPath("/a");
        TransactionOps op = client.transactionOp();
        List<TransactionResult> results = client.transaction()
                .forOperations(
                        op.check().withVersion(0).forPath("/a"),
                        op.create().withMode(CreateMode.PERSISTENT_SEQUENTIAL).forPath("/a/s-"),
                        op.create().withMode(CreateMode.CONTAINER).forPath("/a/c"),
                        op.setData().withVersion(0).forPath("/a", new byte[] {9}),
                        op.delete().forPath("/a/c"));
        assertThat(results.get(0)).isEqualTo(new TransactionResult.Checked("/a"));
        assertThat(results.get(1)).isEqualTo(new TransactionResult.Created("/a/s-0000000000"));
        assertThat(results.get(2)).isEqualTo(new TransactionResult.Created("/a/c"));
        assertThat(((TransactionResult.DataSet) results.get(3)).stat().version())
                .isEqualTo(1);
        assertThat(results.get(4)).isEqualTo(new TransactionResult.Deleted("/a/c"));
        assertThat(client.transaction().forOperations()).isEmpty();
    }

    @Test
    void saysWhichOperationOfATransactionFailed() {
        client.create().forPath("/a");
        TransactionOps op = client.transactionOp();
        TransactionFailedException failure = catchThrowableOfType(
                TransactionFailedException.class,
                () -> client.transaction()
                        .forOperations(
                                op.create().forPath("/b"),
                                op.check().withVersion(5).forPath("/a"),
                                op.delete().forPath("/a")));
        assertThat(failure.failedIndex()).isEqualTo(1);
        assertThat(failure.failure()).isInstanceOf(BadVersionException.class);
        assertThat(failure.path()).isEqualTo("/a");
        assertThat(failure).isNotInstanceOf(OutcomeUnknown.class);
        assertThat(client.checkExists().forPath("/b")).isNull();
    }

    @Test
    void refusesLocallyWhatNoServerTakes() {
        assertThatThrownBy(() -> client.create().forPath("a")).isInstanceOf(InvalidPathException.class);
        assertThatThrownBy(() -> client.getData().forPath("/a/")).isInstanceOf(InvalidPathException.class);
        RequestTooLargeException tooLarge = catchThrowableOfType(
                RequestTooLargeException.class, () -> client.create().forPath("/big", new byte[1 << 20]));
        assertThat(tooLarge).hasMessageContaining("create /big").hasMessageContaining("1048575");
        assertThat(tooLarge.requestBytes()).isGreaterThan(1 << 20);
        // The connection and the session are not harmed.
        assertThat(client.create().forPath("/big", new byte[1_048_000])).isEqualTo("/big");
    }

    @Test
    void keepsTheOrderOfAsynchronousCalls() {
        client.create().forPath("/a");
        List<CompletableFuture<Stat>> writes = IntStream.range(0, 5_000)
                .mapToObj(i -> client.setData()
                        .forPathAsync("/a", Integer.toString(i).getBytes(UTF_8))
                        .toCompletableFuture())
                .toList();
        for (int i = 0; i < writes.size(); i++) {
            assertThat(writes.get(i).join().version()).isEqualTo(i + 1);
        }
        assertThat(client.getData().forPath("/a")).asString(UTF_8).isEqualTo("4999");
        await().untilAsserted(() -> assertThat(client.pendingRequests()).isZero());
    }

    @Test
    void failsStagesWithTheExceptionOfTheBlockingEnding() {
        CompletableFuture<byte[]> stage =
                client.getData().forPathAsync("/missing").toCompletableFuture();
        assertThatThrownBy(stage::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(NoNodeException.class);
    }

    @Test
    void completesStagesOnCallbackThreadsWhereBlockingIsRefused() {
        client.create().forPath("/a");
        CompletableFuture<String> thread = new CompletableFuture<>();
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        List<CompletableFuture<byte[]>> busy = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            busy.add(client.getData().forPathAsync("/a").toCompletableFuture());
        }
        client.getData().forPathAsync("/a").thenAccept(data -> {
            thread.complete(Thread.currentThread().getName());
            try {
                client.getData().forPath("/a");
                refusal.complete(new AssertionError("not refused"));
            } catch (IllegalStateException e) {
                refusal.complete(e);
            }
        });
        assertThat(thread.join())
                .satisfiesAnyOf(
                        name -> assertThat(name).startsWith("coord-client-callback"),
                        name -> assertThat(name)
                                .isEqualTo(Thread.currentThread().getName()));
        if (thread.join().startsWith("coord-client-callback")) {
            assertThat(refusal.join())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Blocking call \"getData\"");
        }
        busy.forEach(CompletableFuture::join);
    }

    @Test
    void completesStagesOnTheQueueThatIsAskedFor() {
        client.create().forPath("/a");
        var queue = client.serialExecutor();
        CompletableFuture<Boolean> onQueue = new CompletableFuture<>();
        queue.execute(() -> client.getData()
                .completingOn(queue)
                .forPathAsync("/a")
                .thenAccept(data -> onQueue.complete(queue.isCurrent())));
        assertThat(onQueue.join()).isTrue();
        assertThat(queue.isCurrent()).isFalse();
    }

    @Test
    void restoresTheInterruptFlagAndSaysWhetherTheCallHappened() {
        Thread.currentThread().interrupt();
        Throwable thrown = null;
        try {
            client.create().forPath("/interrupted");
        } catch (CoordException e) {
            thrown = e;
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(CallInterruptedException.class);
        if (!(thrown instanceof OutcomeUnknown)) {
            assertThat(client.checkExists().forPath("/interrupted")).isNull();
        }
    }

    @Test
    void putsEverythingBelowANamespaceAndCreatesItWhenNeeded() {
        CoordClient orders = client.usingNamespace("shop/orders");
        assertThat(orders.create().forPath("/a", new byte[] {1})).isEqualTo("/a");
        assertThat(client.getData().forPath("/shop/orders/a")).containsExactly(1);
        assertThat(orders.getChildren().forPath("/")).containsExactly("a");
        assertThat(orders.namespace()).isEqualTo("shop/orders");
        assertThat(orders.create().creatingParentsIfNeeded().forPath("/x/y")).isEqualTo("/x/y");
        assertThatThrownBy(() -> orders.create().forPath("/no/parents")).isInstanceOf(NoNodeException.class);
        CoordClient fresh = client.usingNamespace("fresh");
        assertThat(fresh.transaction()
                        .forOperations(
                                fresh.transactionOp().create().forPath("/t"),
                                fresh.transactionOp().create().forPath("/t/u")))
                .containsExactly(new TransactionResult.Created("/t"), new TransactionResult.Created("/t/u"));
        orders.close();
        assertThat(client.checkExists().forPath("/shop")).isNotNull();
    }

    @Test
    void putsEverythingBelowAChrootThatMustExist() {
        client.create().forPath("/root");
        try (CoordClient rooted = CoordClient.builder()
                .connectString(zooKeeper.connectString() + "/root")
                .namespace("app")
                .build()
                .start()) {
            assertThat(rooted.create().withMode(CreateMode.EPHEMERAL_SEQUENTIAL).forPath("/n-"))
                    .isEqualTo("/n-0000000000");
            assertThat(client.getChildren().forPath("/root/app")).containsExactly("n-0000000000");
        }
        try (CoordClient lost = CoordClient.builder()
                .connectString(zooKeeper.connectString() + "/nowhere")
                .build()
                .start()) {
            assertThatThrownBy(() -> lost.create().creatingParentsIfNeeded().forPath("/a/b"))
                    .isInstanceOf(NoNodeException.class);
        }
    }

    @Test
    void refusesCallsBeforeStartAndAfterClose() {
        CoordClient other =
                CoordClient.builder().connectString(zooKeeper.connectString()).build();
        assertThatThrownBy(() -> other.getData().forPath("/"))
                .isInstanceOf(ClientClosedException.class)
                .hasMessageContaining("not started");
        other.start();
        other.getData().forPath("/");
        assertThatThrownBy(other::start).isInstanceOf(IllegalStateException.class);
        other.close();
        other.close();
        assertThatThrownBy(() -> other.getData().forPath("/")).isInstanceOf(ClientClosedException.class);
        assertThat(other.getData().forPathAsync("/").toCompletableFuture()).isCompletedExceptionally();
        assertThat(other.lease().isAlive()).isFalse();
    }

    @Test
    void failsACallThatWasOverTheLimitOfPendingOnes() throws Exception {
        try (CoordClient small = CoordClient.builder()
                .connectString("127.0.0.1:1")
                .maxPendingRequests(2)
                .build()
                .start()) {
            small.getData().forPathAsync("/a");
            small.getData().forPathAsync("/a");
            CompletableFuture<byte[]> third = small.getData().forPathAsync("/a").toCompletableFuture();
            assertThatThrownBy(() -> third.get(5, TimeUnit.SECONDS)).hasMessageContaining("more than 2 calls");
        }
    }
}
