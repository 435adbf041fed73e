package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members over real sockets and with real files, as stock clients see them. */
class EnsembleTest {
    @TempDir
    static Path directory;

    private static Members members;

    @BeforeAll
    static void start() throws Exception {
        members = new Members(directory, 3, 1, 1_000);
        members.startAll();
    }

    @AfterAll
    static void closeAll() throws Exception {
        members.closeAll();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void create(ZooKeeper client, String path) throws Exception {
        client.create(path, bytes(path), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static void sync(ZooKeeper client) throws Exception {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        client.sync("/", (code, path, context) -> done.complete(code), null);
        assertThat(done.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void oneLeadsTwoFollowAndOneObserves() throws Exception {
        assertThat(members.ids().stream().map(members::mode))
                .containsExactlyInAnyOrder("leader", "follower", "follower", "observer");
        assertThat(members.mode(4)).isEqualTo("observer");
        assertThat(Members.word(members.server(4).port(), "mntr")).contains("zk_server_state\tobserver");
    }

    @Test
    void operatorsSeeTheQuorumUnderZooKeepersNames() throws Exception {
        int leader = members.leader();
        create(members.client(leader), "/proposal");

        await().atMost(Members.DEADLINE)
                .untilAsserted(() -> assertThat(mntr(leader))
                        .containsEntry("zk_quorum_size", "3")
                        .containsEntry("zk_learners", "3")
                        .containsEntry("zk_synced_followers", "2")
                        .containsEntry("zk_synced_observers", "1")
                        .containsEntry("zk_peer_state", "leading - broadcast"));
        assertThat(Long.parseLong(mntr(leader).get("zk_leader_uptime"))).isPositive();
        assertThat(Long.parseLong(mntr(leader).get("zk_last_proposal_size"))).isPositive();
        assertThat(mntr(members.follower()))
                .containsEntry("zk_quorum_size", "3")
                .containsEntry("zk_peer_state", "following - broadcast")
                .containsEntry("zk_synced_observers", "0")
                .doesNotContainKeys("zk_learners", "zk_synced_followers", "zk_leader_uptime");
        assertThat(mntr(4))
                .containsEntry("zk_quorum_size", "3")
                .containsEntry("zk_observer_master_id", Integer.toString(leader))
                .doesNotContainKey("zk_learners");
    }

    private static Map<String, String> mntr(int id) {
        return Members.word(members.server(id).port(), "mntr")
                .lines()
                .map(line -> line.split("\t", 2))
                .filter(each -> each.length == 2)
                .collect(Collectors.toMap(each -> each[0], each -> each[1], (one, other) -> other));
    }

    @Test
    void anyMemberTakesWritesAndAllOfThemShowThem() throws Exception {
        for (int each : members.ids()) {
            ZooKeeper client = members.client(each);
            create(client, "/by-" + each);
            // What a session has written, it reads.
            assertThat(client.getData("/by-" + each, false, null)).isEqualTo(bytes("/by-" + each));
        }
        for (int each : members.ids()) {
            ZooKeeper client = members.client(each);
            sync(client);
            for (int writer : members.ids()) {
                assertThat(client.exists("/by-" + writer, false)).isNotNull();
            }
        }
    }

    @Test
    void aSessionsWritesTakeEffectInTheirOrderThroughAFollower() throws Exception {
        ZooKeeper client = members.client(members.follower());
        create(client, "/queue");
        List<CompletableFuture<String>> created = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            CompletableFuture<String> name = new CompletableFuture<>();
            created.add(name);
            client.create(
                    "/queue/n-",
                    bytes(Integer.toString(i)),
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT_SEQUENTIAL,
                    (code, path, context, actual) -> name.complete(code + ":" + actual),
                    null);
        }

        for (int i = 0; i < created.size(); i++) {
            assertThat(created.get(i).get(60, TimeUnit.SECONDS)).isEqualTo("0:/queue/n-%010d".formatted(i));
        }
    }

    @Test
    void aSyncShowsWhatAnotherMemberHasAcknowledged() throws Exception {
        int follower = members.follower();
        ZooKeeper writer = members.client(members.leader());
        ZooKeeper reader = members.client(follower);
        create(writer, "/value");

        for (int i = 0; i < 200; i++) {
            writer.setData("/value", bytes("v" + i), -1);
            sync(reader);
            assertThat(new String(reader.getData("/value", false, null), StandardCharsets.UTF_8))
                    .isEqualTo("v" + i);
        }
    }

    @Test
    void aSessionGoesOnAtAnotherMember() throws Exception {
        int follower = members.follower();
        List<Integer> others =
                members.ids().stream().filter(each -> each != follower).toList();
        ZooKeeper first = members.client(follower);
        first.create("/mine", bytes("x"), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);

        ZooKeeper second = new ZooKeeper(
                members.server(others.get(0)).connectString(),
                Members.SESSION_TIMEOUT_MS,
                event -> {},
                first.getSessionId(),
                first.getSessionPasswd());
        await().atMost(Members.DEADLINE).until(() -> second.getState().isConnected());

        assertThat(second.exists("/mine", false).getEphemeralOwner()).isEqualTo(first.getSessionId());
        second.delete("/mine", -1);
        second.close(1_000);
    }
}
