package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.server.EmbeddedServerException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that stop, start again, and lose what they had, as stock clients see it. */
class EnsembleFaultTest {
    @TempDir
    Path directory;

    private Members members;

    private Members started(int voters, int observers, int snapshotAfterWrites) throws Exception {
        members = new Members(directory, voters, observers, snapshotAfterWrites);
        members.startAll();
        return members;
    }

    @AfterEach
    void closeAll() throws Exception {
        if (members != null) {
            members.closeAll();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void create(ZooKeeper client, String path) throws Exception {
        client.create(path, bytes(path), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    /** A write whose fate is unknown is repeated; it has happened at most as often as it was sent. */
    private static void createUntilDone(ZooKeeper client, String path) {
        await().atMost(Members.DEADLINE)
                .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                .until(() -> {
                    try {
                        create(client, path);
                        return true;
                    } catch (KeeperException.NodeExistsException e) {
                        return true;
                    }
                });
    }

    private static void sync(ZooKeeper client) throws Exception {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        client.sync("/", (code, path, context) -> done.complete(code), null);
        assertThat(done.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void whenTheLeaderStopsTheOthersGoOnAndNothingAcknowledgedIsLost() throws Exception {
        started(3, 0, 100_000);
        int leader = members.leader();
        List<Integer> others =
                members.ids().stream().filter(each -> each != leader).toList();
        ZooKeeper atLeader = members.client(members.ids());
        ZooKeeper atFollower = members.client(others);
        long session = atFollower.getSessionId();
        atFollower.create("/alive", bytes("x"), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        for (int i = 0; i < 100; i++) {
            create(atLeader, "/before-" + i);
        }

        members.stop(leader);
        createUntilDone(atFollower, "/after");

        assertThat(atFollower.getSessionId()).isEqualTo(session);
        assertThat(atFollower.exists("/alive", false).getEphemeralOwner()).isEqualTo(session);
        for (int i = 0; i < 100; i++) {
            assertThat(atFollower.exists("/before-" + i, false)).isNotNull();
        }
        // Its session has lived at the stopped member, or at another one; now it lives on.
        createUntilDone(atLeader, "/by-the-other");
        assertThat(atLeader.getState().isAlive()).isTrue();
    }

    @Test
    void aWholeEnsembleComesBackWithSnapshotsAndLog() throws Exception {
        started(3, 0, 50);
        ZooKeeper client = members.client(members.follower());
        create(client, "/tree");
        for (int i = 0; i < 300; i++) {
            create(client, "/tree/" + i);
        }
        client.close(1_000);
        await().atMost(Members.DEADLINE)
                .until(() -> members.ids().stream()
                        .allMatch(each ->
                                SnapshotFiles.of(members.directory(each)).count() > 0));

        members.ids().forEach(members::stop);
        members.startAll();

        for (int each : members.ids()) {
            ZooKeeper again = members.client(each);
            sync(again);
            assertThat(again.getChildren("/tree", false)).hasSize(300);
        }
        long zxid = members.server(1).status().lastZxid();
        await().atMost(Members.DEADLINE)
                .until(() -> members.ids().stream()
                                .map(each -> members.server(each).status().lastZxid())
                                .distinct()
                                .count()
                        == 1);
        assertThat(members.server(1).status().lastZxid()).isGreaterThanOrEqualTo(zxid);
    }

    @Test
    void aMemberThatHasLostItsDirectoryGetsASnapshotWhileTheOthersServe() throws Exception {
        started(3, 0, 50);
        int follower = members.follower();
        ZooKeeper client = members.client(members.leader());
        create(client, "/tree");
        members.stop(follower);
        for (int i = 0; i < 400; i++) {
            create(client, "/tree/" + i);
        }
        SnapshotFiles.deleteAll(members.directory(follower));

        members.start(follower);
        members.awaitServing(List.of(follower));

        ZooKeeper there = members.client(follower);
        sync(there);
        assertThat(there.getChildren("/tree", false)).hasSize(400);
        create(there, "/tree/by-it");
        assertThat(SnapshotFiles.of(members.directory(follower)).count()).isPositive();
    }

    @Test
    void aVoterWithDamageInItsNewestSegmentDoesNotStartAndTheOthersGoOn() throws Exception {
        members = new Members(directory, 3, 0, 100_000).withFsync();
        members.startAll();
        ZooKeeper client = members.client(members.leader());
        create(client, "/tree");
        for (int i = 0; i < 50; i++) {
            create(client, "/tree/" + i);
        }
        int damaged = members.follower();
        members.stop(damaged);
        Path segment;
        try (Stream<Path> files = Files.walk(members.directory(damaged))) {
            segment = files.filter(each -> each.getFileName().toString().startsWith("log_inprogress_"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] content = Files.readAllBytes(segment);
        // In the last entry, which nothing follows.
        byte[] flipped = content.clone();
        flipped[content.length - 10] ^= 1;
        Files.write(segment, flipped);

        assertThatThrownBy(() -> members.start(damaged))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining(segment.toString())
                .hasMessageContaining("is damaged");

        createUntilDone(client, "/tree/after");
        assertThat(Files.readAllBytes(segment)).isEqualTo(flipped);
        Files.write(segment, content);
        members.start(damaged);
        members.awaitServing(List.of(damaged));
        ZooKeeper there = members.client(damaged);
        sync(there);
        assertThat(there.getChildren("/tree", false)).hasSize(51);
    }

    @Test
    void membersFindEachOtherWhereTheirSettingsSayAlthoughTheLogRemembersOtherPorts() throws Exception {
        started(3, 0, 100_000);
        ZooKeeper client = members.client(members.ids());
        create(client, "/before");
        client.close(1_000);
        members.closeAll();

        // New ports for all of them.
        started(3, 0, 100_000);

        for (int each : members.ids()) {
            ZooKeeper there = members.client(each);
            sync(there);
            assertThat(there.exists("/before", false)).isNotNull();
            create(there, "/after-" + each);
        }
    }

    @Test
    void aMinorityServesNobody() throws Exception {
        started(3, 0, 100_000);
        int left = members.follower();
        ZooKeeper client = members.client(left);
        create(client, "/before");

        members.ids().stream().filter(each -> each != left).forEach(members::stop);

        await().atMost(Members.DEADLINE).until(() -> members.mode(left).isEmpty());
        await().atMost(Members.DEADLINE).until(() -> !client.getState().isConnected());
        members.ids().stream().filter(each -> each != left).forEach(members::start);
        createUntilDone(client, "/after");
        assertThat(client.exists("/before", false)).isNotNull();
    }
}
