package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.testkit.FaultProxy;
import io.coord.verification.server.ServerUnderTest;
import io.coord.verification.wire.RawSession;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The unmodified Java client of ZooKeeper, through its own API. */
abstract class StockClientContract extends ServerContract {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private ZooKeeper client;

    @BeforeEach
    void openClient() throws Exception {
        events.clear();
        client = connect(server().connectString(), RawSession.TIMEOUT_MS);
    }

    @Test
    void createsReadsChangesAndDeletes() throws Exception {
        Stat created = new Stat();
        assertThat(client.create(root + "/a", bytes("one"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT, created))
                .isEqualTo(root + "/a");
        Stat read = new Stat();
        assertThat(client.getData(root + "/a", false, read)).isEqualTo(bytes("one"));
        assertThat(read).isEqualTo(created);
        Stat changed = client.setData(root + "/a", bytes("two"), read.getVersion());
        assertThat(changed.getVersion()).isEqualTo(1);
        assertThat(client.exists(root + "/a", false)).isEqualTo(changed);
        assertThat(client.getChildren(root, false)).containsExactly("a");
        client.delete(root + "/a", 1);
        assertThat(client.exists(root + "/a", false)).isNull();
    }

    @Test
    void createsEveryKindOfZnode() throws Exception {
        assertThat(client.create(root + "/p", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isEqualTo(root + "/p");
        assertThat(client.create(root + "/s", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL))
                .isEqualTo(root + "/s0000000001");
        assertThat(client.create(root + "/e", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL))
                .isEqualTo(root + "/e");
        assertThat(client.create(root + "/es", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL))
                .isEqualTo(root + "/es0000000003");
        assertThat(client.create(root + "/c", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER))
                .isEqualTo(root + "/c");
        assertThat(client.exists(root + "/e", false).getEphemeralOwner()).isEqualTo(client.getSessionId());
    }

    @Test
    void throwsTheExceptionOfEachError() throws Exception {
        client.create(root + "/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(root + "/a/b", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        assertThatThrownBy(() -> client.create(root + "/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isInstanceOf(KeeperException.NodeExistsException.class);
        assertThatThrownBy(() -> client.create(root + "/x/y", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isInstanceOf(KeeperException.NoNodeException.class);
        assertThatThrownBy(() -> client.create(root + "/a/b/c", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isInstanceOf(KeeperException.NoChildrenForEphemeralsException.class);
        assertThatThrownBy(() -> client.delete(root + "/a", -1)).isInstanceOf(KeeperException.NotEmptyException.class);
        assertThatThrownBy(() -> client.setData(root + "/a", null, 5))
                .isInstanceOf(KeeperException.BadVersionException.class);
        assertThatThrownBy(() -> client.create(root + "/c", null, Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT))
                .isInstanceOf(KeeperException.InvalidACLException.class);
    }

    @Test
    void multiIsAtomic() throws Exception {
        List<OpResult> results = client.multi(List.of(
                Op.create(root + "/a", bytes("x"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.setData(root + "/a", bytes("y"), 0),
                Op.check(root + "/a", 1)));
        assertThat(results).hasSize(3);
        assertThatThrownBy(() -> client.multi(List.of(
                        Op.delete(root + "/a", -1),
                        Op.create(root + "/gone/b", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))))
                .isInstanceOfSatisfying(
                        KeeperException.NoNodeException.class,
                        e -> assertThat(e.getResults()).hasSize(2));
        assertThat(client.getData(root + "/a", false, null)).isEqualTo(bytes("y"));
    }

    @Test
    void watchesOfAllKindsReachTheClient() throws Exception {
        client.create(root + "/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.getData(root + "/a", true, null);
        client.getChildren(root, true);
        client.exists(root + "/b", true);
        client.addWatch(root + "/r", AddWatchMode.PERSISTENT_RECURSIVE);
        client.setData(root + "/a", null, -1);
        client.create(root + "/b", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(root + "/r", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(root + "/r/x", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(events)
                        .containsExactly(
                                "NodeDataChanged " + root + "/a",
                                "NodeCreated " + root + "/b",
                                "NodeChildrenChanged " + root,
                                "NodeCreated " + root + "/r",
                                "NodeCreated " + root + "/r/x"));
    }

    @Test
    void removesItsWatches() throws Exception {
        client.addWatch(root, AddWatchMode.PERSISTENT);
        client.getChildren(root, true);
        client.removeAllWatches(root, Watcher.WatcherType.Any, false);
        client.create(root + "/a", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.sync(root);
        assertThat(events).allMatch(event -> event.contains("WatchRemoved"));
        assertThatThrownBy(() -> client.removeAllWatches(root, Watcher.WatcherType.Any, false))
                .isInstanceOf(KeeperException.NoWatcherException.class);
    }

    @Test
    void authenticatesAndGuards() throws Exception {
        client.addAuthInfo("digest", bytes("bob:secret"));
        client.create(root + "/mine", bytes("x"), Ids.CREATOR_ALL_ACL, CreateMode.PERSISTENT);
        ZooKeeper stranger = connect(server().connectString(), RawSession.TIMEOUT_MS);
        assertThatThrownBy(() -> stranger.getData(root + "/mine", false, null))
                .isInstanceOf(KeeperException.NoAuthException.class);
        stranger.addAuthInfo("digest", bytes("bob:secret"));
        assertThat(stranger.getData(root + "/mine", false, null)).isEqualTo(bytes("x"));
        Stat stat = new Stat();
        assertThat(client.getACL(root + "/mine", stat)).hasSize(1);
        assertThat(client.setACL(root + "/mine", Ids.OPEN_ACL_UNSAFE, 0).getAversion())
                .isEqualTo(1);
    }

    @Test
    void ephemeralsGoWhenTheClientCloses() throws Exception {
        ZooKeeper owner = connect(server().connectString(), RawSession.TIMEOUT_MS);
        owner.create(root + "/e", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        owner.close();
        assertThat(client.exists(root + "/e", false)).isNull();
    }

    @Test
    void learnsOfItsExpiryAfterALongPartition() throws Exception {
        FaultProxy proxy = closeAfterwards(FaultProxy.to(server().port()));
        CountDownLatch expired = new CountDownLatch(1);
        ZooKeeper lost = new ZooKeeper(proxy.connectString(), 2 * ServerUnderTest.TICK_MS, event -> {
            if (event.getState() == KeeperState.Expired) {
                expired.countDown();
            }
        });
        closeAfterwards(lost);
        lost.create(root + "/e", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        proxy.refuse();
        proxy.blackhole();
        await().atMost(SOON).until(() -> client.exists(root + "/e", false) == null);
        proxy.resume();
        assertThat(expired.await(20, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> lost.exists(root, false)).isInstanceOf(KeeperException.SessionExpiredException.class);
    }

    @Test
    void staysAliveWhileIdle() throws Exception {
        ZooKeeper idle = connect(server().connectString(), 2 * ServerUnderTest.TICK_MS);
        idle.create(root + "/e", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        await().during(Duration.ofMillis(5 * ServerUnderTest.TICK_MS))
                .atMost(Duration.ofMillis(8 * ServerUnderTest.TICK_MS))
                .until(() -> client.exists(root + "/e", false) != null);
    }

    @Test
    void asyncCallsComeBackInOrder() throws Exception {
        Queue<Integer> order = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            if (i % 2 == 0) {
                client.setData(root, bytes("" + i), -1, (rc, path, ctx, stat) -> count(order, (Integer) ctx, done), i);
            } else {
                client.getData(root, false, (rc, path, ctx, data, stat) -> count(order, (Integer) ctx, done), i);
            }
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(List.copyOf(order)).isSorted().hasSize(200);
    }

    @Test
    void containersVanishOnceTheyHaveLostTheirLastChild() throws Exception {
        client.create(root + "/used", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        client.create(root + "/unused", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        client.create(root + "/busy", null, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        client.create(root + "/busy/child", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(root + "/used/child", null, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.exists(root + "/used", true);
        client.delete(root + "/used/child", -1);
        await().atMost(SOON).until(() -> client.exists(root + "/used", false) == null);
        assertThat(events).contains("NodeDeleted " + root + "/used");
        assertThat(client.getChildren(root, false)).containsExactlyInAnyOrder("unused", "busy");
    }

    @Test
    void chrootedClientsSeeTheirOwnRoot() throws Exception {
        ZooKeeper chrooted = connect(server().connectString() + root, RawSession.TIMEOUT_MS);
        chrooted.create("/inside", bytes("x"), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        assertThat(client.getData(root + "/inside", false, null)).isEqualTo(bytes("x"));
        chrooted.getData("/inside", true, null);
        client.setData(root + "/inside", null, -1);
        await().atMost(SOON).untilAsserted(() -> assertThat(events).contains("NodeDataChanged /inside"));
    }

    private static void count(Queue<Integer> order, int number, CountDownLatch done) {
        order.add(number);
        done.countDown();
    }

    private ZooKeeper connect(String connectString, int timeoutMs) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper opened = new ZooKeeper(connectString, timeoutMs, event -> {
            if (event.getPath() != null) {
                events.add(event.getType() + " " + event.getPath());
            } else if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        closeAfterwards(opened);
        assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
        return opened;
    }
}
