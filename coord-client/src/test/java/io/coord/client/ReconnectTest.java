package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.coord.client.error.ClientClosedException;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.CoordException;
import io.coord.client.error.InterruptedWriteException;
import io.coord.client.error.OutcomeUnknown;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.SessionLostException;
import io.coord.client.error.UnansweredWriteException;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionLease;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.CreateMode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Lost connections and lost sessions, with a real ZooKeeper behind a proxy that can be cut. */
class ReconnectTest extends ProxiedClientTest {
    @Override
    void configure(CoordClientBuilder builder) {
        builder.sessionTimeout(Duration.ofMillis(1500)).connectTimeout(Duration.ofMillis(500));
    }

    @Test
    void keepsTheSessionOverACutConnection() {
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/mine");
        SessionLease before = client.lease();
        proxy.cut();
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED, SessionEvent.Type.RECONNECTED);
        assertThat(client.lease()).isSameAs(before);
        assertThat(before.isAlive()).isTrue();
        assertThat(client.checkExists().forPath("/mine")).isNotNull();
    }

    @Test
    void keepsTheSessionOverARestartOfTheServer() {
        client.create().forPath("/a", new byte[] {7});
        SessionLease before = client.lease();
        zooKeeper.stop();
        CompletableFuture<byte[]> read = client.getData().forPathAsync("/a").toCompletableFuture();
        zooKeeper.startAgain();
        assertThat(read.join()).containsExactly(7);
        assertThat(client.lease()).isSameAs(before);
    }

    @Test
    void armsWatchesAgainAndTellsWhatWasMissed() {
        client.create().forPath("/data");
        client.create().forPath("/children");
        client.create().forPath("/persistent");
        WatchTest.Recorder data = new WatchTest.Recorder();
        WatchTest.Recorder children = new WatchTest.Recorder();
        WatchTest.Recorder missing = new WatchTest.Recorder();
        WatchTest.Recorder persistent = new WatchTest.Recorder();
        client.getData().usingWatcher(data).forPath("/data");
        client.getChildren().usingWatcher(children).forPath("/children");
        client.checkExists().usingWatcher(missing).forPath("/missing");
        client.watchers().add().usingWatcher(persistent).forPath("/persistent");
        proxy.refuse(true);
        proxy.cut();
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED);
        other.setData().forPath("/data");
        other.create().forPath("/children/a");
        other.create().forPath("/missing");
        other.create().forPath("/persistent/missed");
        proxy.refuse(false);
        data.awaitTold("NODE_DATA_CHANGED /data");
        children.awaitTold("NODE_CHILDREN_CHANGED /children");
        missing.awaitTold("NODE_CREATED /missing");
        other.create().forPath("/persistent/seen");
        persistent.awaitTold("NODE_CREATED /persistent/seen");
    }

    @Test
    void armsThousandsOfWatchesAgainInSeveralRequests() {
        int count = 4_000;
        WatchTest.Recorder recorder = new WatchTest.Recorder();
        for (int i = 0; i < count; i++) {
            client.checkExists().usingWatcher(recorder).forPathAsync("/a-path-that-is-long-enough-to-fill-frames-" + i);
        }
        client.sync().forPath("/");
        assertThat(zooKeeper.watchCount()).isEqualTo(count);
        proxy.cut();
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED, SessionEvent.Type.RECONNECTED);
        client.sync().forPath("/");
        assertThat(zooKeeper.watchCount()).isEqualTo(count);
        other.create().forPath("/a-path-that-is-long-enough-to-fill-frames-" + (count - 1));
        recorder.awaitTold("NODE_CREATED /a-path-that-is-long-enough-to-fill-frames-" + (count - 1));
    }

    @Test
    void repeatsReadsButNotWritesThatWereOnTheirWay() {
        client.create().forPath("/a", new byte[] {1});
        proxy.swallowReplies(true);
        CompletableFuture<byte[]> read = client.getData().forPathAsync("/a").toCompletableFuture();
        CompletableFuture<?> write =
                client.setData().forPathAsync("/a", new byte[] {2}).toCompletableFuture();
        await().untilAsserted(() -> assertThat(other.getData().forPath("/a")).containsExactly(2));
        proxy.swallowReplies(false);
        proxy.cut();
        assertThatThrownBy(write::join)
                .cause()
                .isInstanceOf(ConnectionLossException.class)
                .isInstanceOf(OutcomeUnknown.class);
        assertThat(read.join()).containsExactly(2);
    }

    @Test
    void repeatsIdempotentWrites() {
        client.create().forPath("/a", new byte[] {1});
        proxy.swallowReplies(true);
        var create =
                client.create().idempotent().forPathAsync("/b", new byte[] {3}).toCompletableFuture();
        var write = client.setData()
                .idempotent()
                .withVersion(0)
                .forPathAsync("/a", new byte[] {2})
                .toCompletableFuture();
        var delete = client.delete().idempotent().forPathAsync("/b").toCompletableFuture();
        await().untilAsserted(() -> assertThat(other.getData().forPath("/a")).containsExactly(2));
        await().untilAsserted(
                        () -> assertThat(other.checkExists().forPath("/b")).isNull());
        proxy.swallowReplies(false);
        proxy.cut();
        assertThat(write.join().version()).isEqualTo(1);
        assertThat(create.join()).isEqualTo("/b");
        delete.join();
        assertThat(other.checkExists().forPath("/b")).isNull();
    }

    @Test
    void findsItsProtectedNodeAfterALostAnswer() {
        client.create().forPath("/locks");
        proxy.swallowReplies(true);
        StatHolder stat = new StatHolder();
        CompletableFuture<String> create = client.create()
                .withProtection()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .storingStatIn(stat)
                .forPathAsync("/locks/lock-")
                .toCompletableFuture();
        await().untilAsserted(
                        () -> assertThat(other.getChildren().forPath("/locks")).hasSize(1));
        proxy.swallowReplies(false);
        proxy.cut();
        String path = create.join();
        assertThat(other.getChildren().forPath("/locks")).containsExactly(path.substring("/locks/".length()));
        assertThat(stat.get().ephemeralOwner()).isEqualTo(client.sessionId());
    }

    @Test
    void removesWhatAFailedProtectedCreateLeft() {
        client.create().forPath("/locks");
        proxy.swallowReplies(true);
        CoordException failure = catchThrowableOfType(
                CoordException.class,
                () -> client.create()
                        .withProtection()
                        .withTimeout(Duration.ofMillis(300))
                        .forPath("/locks/persistent"));
        assertThat(failure).isInstanceOf(UnansweredWriteException.class);
        assertThat(other.getChildren().forPath("/locks")).hasSize(1);
        proxy.swallowReplies(false);
        proxy.cut();
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(other.getChildren().forPath("/locks")).isEmpty());
    }

    @Test
    void removesTheProtectedNodeOfACallThatWasInterrupted() throws Exception {
        client.create().forPath("/locks");
        proxy.swallowReplies(true);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                client.create()
                        .withProtection()
                        .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                        .forPath("/locks/lock-");
            } catch (CoordException e) {
                failure.set(e);
            }
        });
        caller.start();
        await().untilAsserted(
                        () -> assertThat(other.getChildren().forPath("/locks")).hasSize(1));
        caller.interrupt();
        caller.join(LONG.toMillis());
        assertThat(failure.get()).isInstanceOf(InterruptedWriteException.class).isInstanceOf(OutcomeUnknown.class);
        SessionLease session = client.lease();
        proxy.swallowReplies(false);
        proxy.cut();
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(other.getChildren().forPath("/locks")).isEmpty());
        assertThat(client.lease()).as("the session did not have to end for it").isSameAs(session);
        assertThat(session.isAlive()).isTrue();
    }

    @Test
    void deletesGuaranteedAfterTheCallFailed() {
        client.create().creatingParentsIfNeeded().forPath("/a/b");
        client.create().forPath("/single");
        proxy.refuse(true);
        proxy.cut();
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED);
        assertThatThrownBy(() -> client.delete()
                        .guaranteed()
                        .deletingChildrenIfNeeded()
                        .withTimeout(Duration.ofMillis(100))
                        .forPath("/a"))
                .isInstanceOf(RequestTimeoutException.class)
                .isNotInstanceOf(OutcomeUnknown.class);
        assertThatThrownBy(() -> client.delete()
                        .guaranteed()
                        .withTimeout(Duration.ofMillis(100))
                        .forPath("/single"))
                .isInstanceOf(RequestTimeoutException.class);
        // The session is lost meanwhile: the deletes go on all the same.
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED, SessionEvent.Type.LOST);
        proxy.refuse(false);
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(other.getChildren().forPath("/")).containsExactly("zookeeper"));
    }

    @Test
    void makesANewSessionAfterTheServerExpiredTheOld() {
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/mine");
        client.create().forPath("/watched");
        WatchTest.Recorder persistent = new WatchTest.Recorder();
        WatchTest.Recorder once = new WatchTest.Recorder();
        client.watchers().add().usingWatcher(persistent).forPath("/watched");
        client.checkExists().usingWatcher(once).forPath("/absent");
        SessionLease before = client.lease();
        zooKeeper.expire(before.sessionId());
        awaitTold(
                SessionEvent.Type.CONNECTED,
                SessionEvent.Type.SUSPENDED,
                SessionEvent.Type.LOST,
                SessionEvent.Type.RECONNECTED);
        assertThat(before.isAlive()).isFalse();
        assertThat(client.lease().generation()).isEqualTo(before.generation() + 1);
        assertThat(client.lease().isAlive()).isTrue();
        assertThat(client.checkExists().forPath("/mine")).isNull();
        other.setData().forPath("/watched");
        persistent.awaitTold("NODE_DATA_CHANGED /watched");
        other.create().forPath("/absent");
        once.awaitTold("NODE_CREATED /absent");
    }

    @Test
    void declaresTheSessionLostWhenNobodyAnswers() {
        SessionLease lease = client.lease();
        proxy.refuse(true);
        proxy.cut();
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED);
        CompletableFuture<byte[]> waiting = client.getData().forPathAsync("/").toCompletableFuture();
        assertThat(lease.isAlive()).isTrue();
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED, SessionEvent.Type.LOST);
        assertThat(lease.isAlive()).isFalse();
        assertThat(lease.remaining()).isZero();
        assertThat(client.state()).isEqualTo(SessionState.LOST);
        assertThatThrownBy(waiting::join).cause().isInstanceOf(SessionLostException.class);
    }

    @Test
    void givesUpASilentConnection() {
        int before = proxy.accepted();
        proxy.swallowReplies(true);
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED);
        proxy.swallowReplies(false);
        await().atMost(LONG).until(() -> client.state() == SessionState.CONNECTED);
        assertThat(proxy.accepted()).isGreaterThan(before);
    }

    @Test
    void keepsItsDeadlineWithoutAConnection() {
        proxy.refuse(true);
        proxy.cut();
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED);
        long before = System.nanoTime();
        assertThatThrownBy(() ->
                        client.create().withTimeout(Duration.ofMillis(200)).forPath("/a"))
                .isInstanceOf(RequestTimeoutException.class)
                .isNotInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("not sent")
                .hasMessageContaining("create /a");
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(200), Duration.ofSeconds(2));
    }

    @Test
    void keepsItsDeadlineWhenTheServerDoesNotAnswer() {
        client.create().forPath("/a");
        proxy.swallowReplies(true);
        assertThatThrownBy(() ->
                        client.setData().withTimeout(Duration.ofMillis(200)).forPath("/a"))
                .isInstanceOf(UnansweredWriteException.class)
                .isInstanceOf(OutcomeUnknown.class);
        assertThatThrownBy(() ->
                        client.getData().withTimeout(Duration.ofMillis(200)).forPath("/a"))
                .isInstanceOf(RequestTimeoutException.class)
                .isNotInstanceOf(OutcomeUnknown.class);
    }

    @Test
    void closesTheSessionSoThatEphemeralNodesVanish() {
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/mine");
        CompletableFuture<String> onItsWay =
                client.create().forPathAsync("/last").toCompletableFuture();
        client.close();
        assertThat(onItsWay.join()).isEqualTo("/last");
        assertThat(other.checkExists().forPath("/mine")).isNull();
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.CLOSED);
    }

    @Test
    void closesWithoutAConnection() {
        proxy.refuse(true);
        proxy.cut();
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED);
        CompletableFuture<byte[]> waiting = client.getData().forPathAsync("/").toCompletableFuture();
        long before = System.nanoTime();
        client.close(Duration.ofMillis(300));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).cause().isInstanceOf(ClientClosedException.class);
        awaitTold(SessionEvent.Type.CONNECTED, SessionEvent.Type.SUSPENDED, SessionEvent.Type.CLOSED);
    }

    @Test
    void connectsWhenTheServerComesLater() {
        proxy.refuse(true);
        try (CoordClient early = CoordClient.builder()
                .connectString(proxy.connectString())
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(100), 0.5))
                .build()
                .start()) {
            assertThat(early.blockUntilConnected(Duration.ofMillis(150))).isFalse();
            CompletableFuture<String> create =
                    early.create().forPathAsync("/early").toCompletableFuture();
            assertThat(create).isNotDone();
            proxy.refuse(false);
            assertThat(create.join()).isEqualTo("/early");
        }
    }

    @Test
    void takesAnyServerOfTheListByNameOrAddress() {
        try (CoordClient many = CoordClient.builder()
                .connectString("127.0.0.1:1,localhost:" + zooKeeper.port() + ",no-such-host.invalid:2181,[::1]:1")
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(100), 0.5))
                .build()
                .start()) {
            assertThat(many.getChildren().forPath("/")).contains("zookeeper");
        }
    }
}
