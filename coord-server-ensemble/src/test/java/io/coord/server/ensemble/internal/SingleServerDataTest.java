package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.server.EmbeddedServer;
import io.coord.server.EmbeddedServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server alone, whose data an ensemble goes on from. */
class SingleServerDataTest {
    private static final int WRITES = 300;

    @TempDir
    Path directory;

    private Members members;

    @AfterEach
    void closeAll() throws Exception {
        if (members != null) {
            members.closeAll();
        }
    }

    private static EmbeddedServer single(Path data) {
        return EmbeddedServer.builder()
                .port(0)
                .dataDir(data)
                .fsync(false)
                .snapshotAfterWrites(100)
                .minSessionTimeout(Members.DEADLINE)
                .maxSessionTimeout(Members.DEADLINE)
                .start();
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(from)) {
            all = found.toList();
        }
        for (Path each : all) {
            Path target = to.resolve(from.relativize(each).toString());
            if (Files.isDirectory(each)) {
                Files.createDirectories(target);
            } else {
                Files.copy(each, target);
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    private static void sync(ZooKeeper client) throws Exception {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        client.sync("/", (code, path, context) -> done.complete(code), null);
        assertThat(done.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void znodesSessionsCountersAndZxidGoOn() throws Exception {
        members = new Members(directory, 3, 0, 100_000);
        Path alone = directory.resolve("alone");
        Path data = members.directory(1);
        Stat before;
        long zxid;
        ZooKeeper old;
        try (EmbeddedServer server = single(alone)) {
            old = new ZooKeeper(server.connectString(), 60_000, event -> {});
            await().atMost(Members.DEADLINE).until(() -> old.getState().isConnected());
            old.create("/kept", new byte[] {7}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            for (int i = 0; i < WRITES; i++) {
                old.setData("/kept", new byte[] {(byte) i}, -1);
            }
            old.create("/kept/n-", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
            old.create("/mine", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            before = old.exists("/kept", false);
            zxid = server.status().lastZxid();
            // A member would read what this server still writes.
            assertThatThrownBy(() -> members.builder(1, "test").dataDir(alone).start())
                    .isInstanceOf(EmbeddedServerException.class)
                    .extracting(each -> ((EmbeddedServerException) each).reason())
                    .isEqualTo(EmbeddedServerException.Reason.DIRECTORY_IN_USE);
            // Now, as a process that is killed leaves it: with log behind the last snapshot.
            copy(alone, data);
            // A second voter with the same data: no two that have none can elect each other.
            copy(alone, members.directory(2));
        }
        deleteEnsemble(data);
        deleteEnsemble(members.directory(2));
        List<String> files = names(data).stream()
                .filter(each -> each.matches("(segment|snapshot)-.*"))
                .toList();
        assertThat(files).isNotEmpty();
        Path copied = directory.resolve("copied");
        copy(data, copied);
        // What a start left that was broken off half-way.
        Files.createDirectories(data.resolve("ensemble"));
        Files.writeString(data.resolve("ensemble").resolve("member"), "test\n1\n1 2 3\n");
        Path half = Files.createDirectories(
                data.resolve("ensemble").resolve(RaftNode.idOf("test") + ".new").resolve("sm"));
        Files.writeString(half.resolve("snapshot-unfinished"), "half");

        members.startAll();

        for (int each : members.ids()) {
            ZooKeeper client = members.client(each);
            sync(client);
            Stat now = client.exists("/kept", false);
            assertThat(now.getCzxid()).isEqualTo(before.getCzxid());
            assertThat(now.getMzxid()).isEqualTo(before.getMzxid());
            assertThat(now.getVersion()).isEqualTo(WRITES);
            assertThat(client.exists("/mine", false).getEphemeralOwner()).isEqualTo(old.getSessionId());
        }
        ZooKeeper client = members.client(members.follower());
        String next =
                client.create("/kept/n-", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        assertThat(next).isEqualTo("/kept/n-0000000001");
        assertThat(client.exists(next, false).getCzxid()).isGreaterThan(zxid).isLessThan(zxid + 1_000);
        // The session goes on where its client comes back.
        ZooKeeper again = new ZooKeeper(
                members.server(3).connectString(), 60_000, event -> {}, old.getSessionId(), old.getSessionPasswd());
        await().atMost(Members.DEADLINE).until(() -> again.getState().isConnected());
        again.delete("/mine", -1);
        again.close(1_000);
        old.close(1_000);

        assertThat(names(data)).noneMatch(each -> each.matches("(segment|snapshot)-.*"));
        assertThat(names(data.resolve(SingleServerData.KEPT))).containsAll(files);

        // A start that ended between the snapshot and the single server's files.
        members.stop(1);
        copyFiles(copied, data, files);
        members.start(1);
        members.awaitServing(List.of(1));
        ZooKeeper there = members.client(1);
        sync(there);
        assertThat(there.exists(next, false)).isNotNull();
        assertThat(names(data)).noneMatch(each -> each.matches("(segment|snapshot)-.*"));
    }

    private static void deleteEnsemble(Path data) throws IOException {
        if (Files.exists(data.resolve("ensemble"))) {
            SnapshotFiles.deleteAll(data.resolve("ensemble"));
        }
    }

    private static void copyFiles(Path from, Path to, List<String> names) throws IOException {
        for (String each : names) {
            Files.copy(from.resolve(each), to.resolve(each));
        }
    }

    @Test
    void aSingleServerDoesNotBeginEmptyBesideAMembersData() throws Exception {
        members = new Members(directory, 1, 0, 100_000);
        members.startAll();
        // Nor does a second process work in a member's directory.
        assertThatThrownBy(() -> members.builder(1, "test").start())
                .isInstanceOf(EmbeddedServerException.class)
                .extracting(each -> ((EmbeddedServerException) each).reason())
                .isEqualTo(EmbeddedServerException.Reason.DIRECTORY_IN_USE);
        members.stop(1);

        assertThatThrownBy(() -> single(members.directory(1)))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("a member of an ensemble works in this directory");
        List<String> names = new ArrayList<>(names(members.directory(1)));
        names.remove("coord.lock");
        assertThat(names).containsExactly("ensemble");
    }
}
