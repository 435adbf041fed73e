package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.testkit.FaultProxy;
import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawConnection;
import io.coord.verification.wire.RawSession;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.proto.ConnectRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client learns that comes back with its list of watches, at each side of the zxid that it has seen. */
abstract class SetWatchesContract extends ServerContract {
    private static final List<String> NONE = List.of();

    private RawSession back;

    @BeforeEach
    void openSessionThatComesBack() {
        back = newSession();
    }

    @Test
    void dataWatchOnAnUnchangedZnodeIsArmed() {
        String path = made("/a");
        assertThat(armData(path, stat(path).getMzxid())).isEmpty();
        setData(path, "1");
        assertThat(back.takeEvents()).containsExactly("NodeDataChanged " + path);
    }

    @Test
    void dataWatchFiresForAChangeBehindTheZxid() {
        String path = made("/a");
        long mzxid = setData(path, "1").getMzxid();
        assertThat(armData(path, mzxid - 1)).containsExactly("NodeDataChanged " + path);
        assertThat(armData(path, mzxid)).isEmpty();
    }

    @Test
    void dataWatchFiresForADeletedZnode() {
        assertThat(armData(root + "/gone", Long.MAX_VALUE)).containsExactly("NodeDeleted " + root + "/gone");
    }

    @Test
    void dataWatchOnAZnodeMadeAgainTellsOfAChange() {
        String path = made("/a");
        long seen = stat(path).getMzxid();
        delete(path);
        create(path);
        assertThat(armData(path, seen)).containsExactly("NodeDataChanged " + path);
    }

    @Test
    void dataWatchThatFiredIsNotArmed() {
        String path = made("/a");
        assertThat(armData(path, stat(path).getMzxid() - 1)).hasSize(1);
        setData(path, "2");
        assertThat(back.takeEvents()).isEmpty();
    }

    @Test
    void existWatchIsArmedWhileTheZnodeIsMissing() {
        String path = root + "/later";
        assertThat(armExist(path, 0)).isEmpty();
        create(path);
        assertThat(back.takeEvents()).containsExactly("NodeCreated " + path);
    }

    @Test
    void existWatchFiresWheneverTheZnodeIsThere() {
        String path = made("/a");
        assertThat(armExist(path, 0)).containsExactly("NodeCreated " + path);
        assertThat(armExist(path, Long.MAX_VALUE)).containsExactly("NodeCreated " + path);
    }

    @Test
    void childWatchOnUnchangedChildrenIsArmed() {
        String path = made("/a");
        create(path + "/b");
        assertThat(armChild(path, stat(path).getPzxid())).isEmpty();
        create(path + "/c");
        assertThat(back.takeEvents()).containsExactly("NodeChildrenChanged " + path);
    }

    @Test
    void childWatchFiresForAChangeBehindTheZxid() {
        String path = made("/a");
        create(path + "/b");
        long pzxid = stat(path).getPzxid();
        assertThat(armChild(path, pzxid - 1)).containsExactly("NodeChildrenChanged " + path);
        assertThat(armChild(path, pzxid)).isEmpty();
    }

    @Test
    void childWatchIgnoresDataOfTheZnodeAndOfItsChildren() {
        String path = made("/a");
        create(path + "/b");
        long seen = stat(path).getPzxid();
        setData(path, "1");
        setData(path + "/b", "1");
        assertThat(armChild(path, seen)).isEmpty();
    }

    @Test
    void childWatchFiresForADeletedZnode() {
        assertThat(armChild(root + "/gone", Long.MAX_VALUE)).containsExactly("NodeDeleted " + root + "/gone");
    }

    @Test
    void persistentWatchesAreArmedInSilenceAndLoseWhatTheyMissed() {
        String persistent = made("/p");
        String recursive = made("/r");
        setData(persistent, "missed");
        create(recursive + "/missed");
        Frame reply =
                back.setWatches(Operation.setWatches2(0, NONE, NONE, NONE, List.of(persistent), List.of(recursive)));
        assertThat(reply.error()).isZero();
        assertThat(back.takeEvents()).isEmpty();
        setData(persistent, "seen");
        create(persistent + "/child");
        create(recursive + "/seen");
        assertThat(back.takeEvents())
                .containsExactly(
                        "NodeDataChanged " + persistent,
                        "NodeChildrenChanged " + persistent,
                        "NodeCreated " + recursive + "/seen");
    }

    @Test
    void eventsComeBeforeTheReplyAndCarryNoZxid() {
        String path = made("/a");
        back.send(-8, Operation.setWatches(0, List.of(path), NONE, List.of(root + "/gone")));
        Frame first = back.receive();
        Frame second = back.receive();
        Frame reply = back.receive();
        assertThat(List.of(first.isEvent(), second.isEvent(), reply.isEvent())).containsExactly(true, true, false);
        assertThat(List.of(first.zxid(), second.zxid())).containsExactly(-1L, -1L);
        assertThat(reply.xid()).isEqualTo(-8);
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void bothDialectsMeanTheSame() {
        String path = made("/a");
        long before = stat(path).getMzxid() - 1;
        back.setWatches(
                Operation.setWatches2(before, List.of(path), List.of(path), List.of(root + "/gone"), NONE, NONE));
        assertThat(back.takeEvents())
                .containsExactly("NodeDataChanged " + path, "NodeCreated " + path, "NodeDeleted " + root + "/gone");
    }

    @Test
    void stockClientLearnsAfterACutWhatItMissed() throws Exception {
        FaultProxy proxy = closeAfterwards(FaultProxy.to(server().port()));
        Queue<String> events = new ConcurrentLinkedQueue<>();
        String changed = made("/changed");
        String unchanged = made("/unchanged");
        String deleted = made("/deleted");
        String parent = made("/parent");
        String created = root + "/created";
        String persistent = made("/persistent");
        ZooKeeper client = closeAfterwards(
                new ZooKeeper(proxy.connectString(), RawSession.TIMEOUT_MS, event -> note(events, event)));
        client.getData(changed, true, null);
        client.getData(unchanged, true, null);
        client.getData(deleted, true, null);
        client.getChildren(parent, true);
        assertThat(client.exists(created, true)).isNull();
        client.addWatch(persistent, AddWatchMode.PERSISTENT_RECURSIVE);
        events.clear();

        proxy.refuse();
        proxy.cut();
        setData(changed, "1");
        delete(deleted);
        create(parent + "/child");
        create(created);
        create(persistent + "/missed");
        proxy.resume();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(events)
                        .contains(
                                "NodeDataChanged " + changed,
                                "NodeDeleted " + deleted,
                                "NodeChildrenChanged " + parent,
                                "NodeCreated " + created));
        setData(unchanged, "1");
        create(persistent + "/seen");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(events)
                        .contains("NodeDataChanged " + unchanged, "NodeCreated " + persistent + "/seen"));
        assertThat(events).hasSize(6).doesNotContain("NodeCreated " + persistent + "/missed");
        assertThat(stillWorks(client)).isTrue();
    }

    @Test
    void stockClientKeepsSessionAndEphemeralsThroughACut() throws Exception {
        FaultProxy proxy = closeAfterwards(FaultProxy.to(server().port()));
        ZooKeeper client = closeAfterwards(new ZooKeeper(proxy.connectString(), RawSession.TIMEOUT_MS, event -> {}));
        client.create(root + "/e", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        long id = client.getSessionId();
        for (int i = 0; i < 3; i++) {
            proxy.cut();
            await().atMost(Duration.ofSeconds(20)).until(() -> stillWorks(client));
        }
        assertThat(client.getSessionId()).isEqualTo(id);
        assertThat(stat(root + "/e").getEphemeralOwner()).isEqualTo(id);
        client.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> !exists(root + "/e"));
    }

    @Test
    void refusesAClientThatHasSeenMoreThanTheServer() {
        long ahead = session.ok(Operation.setData(root, null, -1)).zxid() + 1_000_000;
        RawConnection connection = newConnection();
        connection.sendFrame(RawConnection.encode(
                new ConnectRequest(0, ahead, RawSession.TIMEOUT_MS, back.id(), back.password(), false)));
        assertThat(connection.isClosedByServer()).isTrue();
        assertThat(back.ping().error()).as("the session lives on").isZero();
    }

    private List<String> armData(String path, long zxid) {
        back.setWatches(Operation.setWatches(zxid, List.of(path), NONE, NONE));
        return back.takeEvents();
    }

    private List<String> armExist(String path, long zxid) {
        back.setWatches(Operation.setWatches(zxid, NONE, List.of(path), NONE));
        return back.takeEvents();
    }

    private List<String> armChild(String path, long zxid) {
        back.setWatches(Operation.setWatches(zxid, NONE, NONE, List.of(path)));
        return back.takeEvents();
    }

    private String made(String name) {
        create(root + name);
        return root + name;
    }

    private static void note(Queue<String> events, WatchedEvent event) {
        if (event.getPath() != null) {
            events.add(event.getType() + " " + event.getPath());
        }
    }

    private boolean stillWorks(ZooKeeper client) throws InterruptedException {
        try {
            client.setData(root, null, -1);
            return true;
        } catch (KeeperException.ConnectionLossException e) {
            return false;
        } catch (KeeperException e) {
            throw new AssertionError(e);
        }
    }
}
