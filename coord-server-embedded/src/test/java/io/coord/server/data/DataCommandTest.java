package io.coord.server.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.server.EmbeddedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a directory that a server works in, or has left. */
class DataCommandTest {
    private static final String FIRST_SEGMENT = "segment-00000000000000000001.log";

    @TempDir
    Path parent;

    private EmbeddedServer server;
    private String out;
    private String err;

    private EmbeddedServer start(Path data) {
        server = EmbeddedServer.builder()
                .port(0)
                .dataDir(data)
                .snapshotAfterQuiet(Duration.ZERO)
                .start();
        return server;
    }

    @AfterEach
    void closeServer() {
        if (server != null) {
            server.close();
        }
    }

    private ZooKeeper connect() throws IOException {
        return new ZooKeeper(server.connectString(), 30_000, event -> {});
    }

    private int run(Object... words) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int code = DataCommand.run(
                Stream.of(words).map(Object::toString).toList(),
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    private List<String> lines() {
        return out.lines().toList();
    }

    /** @return the session that did it */
    private long writeSomething() throws Exception {
        ZooKeeper client = connect();
        client.create("/app", "one".getBytes(StandardCharsets.UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.setData("/app", "two".getBytes(StandardCharsets.UTF_8), 0);
        try {
            client.setData("/app", new byte[0], 7);
        } catch (KeeperException.BadVersionException expected) {
            // It is in the log, too.
        }
        client.create("/app/s-", new byte[5], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
        client.multi(List.of(
                Op.create("/other", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                Op.setData("/app", new byte[] {0, 1}, -1)));
        try {
            client.multi(List.of(Op.check("/app", -1), Op.delete("/missing", -1)));
        } catch (KeeperException.NoNodeException expected) {
            // So is this.
        }
        long session = client.getSessionId();
        client.close();
        return session;
    }

    @Test
    void showsWhatTheLogDidWhileTheServerWorks() throws Exception {
        Path data = parent.resolve("data");
        start(data);
        long session = writeSomething();
        assertThat(run("log", data)).as(err).isEqualTo(DataCommand.OK);
        String hex = "session 0x" + Long.toHexString(session);
        assertThat(lines())
                .anyMatch(line -> line.startsWith("0x1 ") && line.contains(hex + "  createSession  -> OK"))
                .anyMatch(line -> line.startsWith("0x2 ")
                        && line.contains(hex + "  create /app (persistent) 3 bytes  -> OK: created /app"))
                .anyMatch(line -> line.contains("setData /app (version 0) 3 bytes  -> OK: changed /app"))
                .anyMatch(line -> line.contains("setData /app (version 7) 0 bytes  -> BAD_VERSION"))
                .anyMatch(line -> line.contains("created /app/s-0000000000"))
                .anyMatch(line -> line.contains("multi [create /other (persistent) 0 bytes; setData /app 2 bytes]"
                        + "  -> OK: created /other, changed /app"))
                .anyMatch(line -> line.contains("-> failed at step 2: NO_NODE"))
                .anyMatch(line -> line.contains("closeSession  -> OK: deleted /app/s-0000000000"))
                .last()
                .isEqualTo("8 entries");
        run("log", data, "--data", "--path", "/app/s-0000000000");
        assertThat(lines()).as("the sequential create is known by its result").hasSize(3);
        run("log", data, "--from-zxid", "0x3", "--to-zxid", "4");
        assertThat(lines()).hasSize(3).element(0).asString().startsWith("0x3 ");
        run("log", data, "--session", "0x1");
        assertThat(lines()).containsExactly("0 entries");
        run("log", data, "--until", "2020-01-01T00:00:00Z");
        assertThat(lines()).containsExactly("0 entries");
        run("log", data, "--json", "--data");
        assertThat(lines())
                .hasSize(8)
                .allMatch(line -> line.startsWith("{\"index\":") && line.endsWith("}"))
                .element(1)
                .asString()
                .contains("\"zxid\":\"0x2\"", "\"operation\":\"create\"", "\"path\":\"/app\"", "\"data\":\"b25l\"");
    }

    @Test
    void goesOnBehindADamagedEntryWithoutWhatCannotBeKnown() throws Exception {
        Path data = parent.resolve("data");
        start(data);
        writeSomething();
        server.close();
        byte[] bytes = Files.readAllBytes(data.resolve(FIRST_SEGMENT));
        int app = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("/app");
        flip(data.resolve(FIRST_SEGMENT), app);
        assertThat(run("log", data)).isEqualTo(DataCommand.FAILED);
        assertThat(lines())
                .anyMatch(line -> line.startsWith("DAMAGE at index 2") && line.contains(FIRST_SEGMENT + ", offset "))
                .anyMatch(line -> line.startsWith("zxid unknown") && line.contains("setData /app (version 0)"))
                .noneMatch(line -> line.contains("create /app "))
                .last()
                .isEqualTo("7 entries, 1 damaged places");
    }

    @Test
    void showsASnapshotAndGoesOnBehindADamagedChunk() throws Exception {
        Path data = parent.resolve("data");
        start(data);
        ZooKeeper client = connect();
        List<ACL> ownAcl =
                new ArrayList<>(List.of(new ACL(ZooDefs.Perms.READ | ZooDefs.Perms.WRITE, Ids.ANYONE_ID_UNSAFE)));
        client.create("/bulk", null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < 400; i++) {
            client.create("/bulk/n" + i, new byte[1_000], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        client.create("/bulk/last", new byte[0], ownAcl, CreateMode.PERSISTENT);
        client.close();
        Path backup = parent.resolve("backup");
        server.backup(backup).join();
        server.close();
        server = EmbeddedServer.builder()
                .port(0)
                .dataDir(data)
                .snapshotAfterWrites(1)
                .start();
        ZooKeeper writer = connect();
        // Who closes before there is a session has written nothing.
        writer.exists("/bulk", false);
        writer.close();
        Path snapshot = awaitSnapshot(data);
        assertThat(run("snapshot", snapshot)).as(err).isEqualTo(DataCommand.OK);
        assertThat(lines())
                .anyMatch(line -> line.startsWith("/bulk  null  czxid 0x2 ") && line.contains(" children 401 "))
                .anyMatch(line -> line.startsWith("/bulk/last  0 bytes") && line.endsWith("acl world:anyone:rw"));
        int whole = lines().size();
        run("snapshot", snapshot, "--path", "/bulk/n1", "--json");
        assertThat(lines())
                .filteredOn(line -> line.contains("\"path\""))
                .singleElement()
                .asString()
                .contains("/bulk/n1\"");
        Path copy = Files.copy(
                snapshot, Files.createDirectories(parent.resolve("copy")).resolve(snapshot.getFileName()));
        flip(copy, 200_000);
        assertThat(run("snapshot", copy)).isEqualTo(DataCommand.FAILED);
        assertThat(lines())
                .anyMatch(line -> line.startsWith("DAMAGE: ") && line.contains("going on behind it"))
                .anyMatch(line -> line.startsWith("/bulk/last  ") && line.endsWith("acl unknown"))
                .hasSizeLessThan(whole)
                .hasSizeGreaterThan(whole / 2);
        assertThat(run("compare", snapshot, copy)).isEqualTo(DataCommand.FAILED);
        assertThat(lines()).anyMatch(line -> line.startsWith("deleted /bulk/n"));
        assertThat(run("compare", snapshot, snapshot)).isEqualTo(DataCommand.OK);
        assertThat(lines()).containsExactly("0 differences");
    }

    private static Path awaitSnapshot(Path data) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> {
                            try (Stream<Path> files = Files.list(data)) {
                                return files.filter(file -> file.toString().endsWith(".snap"))
                                        .findFirst()
                                        .orElse(null);
                            }
                        },
                        found -> found != null);
    }

    @Test
    void savesAndRestoresUpToAZxid() throws Exception {
        Path data = parent.resolve("data");
        start(data);
        writeSomething();
        Path backup = parent.resolve("backup.tar.gz");
        assertThat(run("backup", data, backup)).as(err).isEqualTo(DataCommand.OK);
        assertThat(out).startsWith("Saved " + backup + ": zxid 0x8");
        assertThat(run("backup", data, backup)).isEqualTo(DataCommand.FAILED);
        assertThat(err).contains("never replaces");
        Path restored = parent.resolve("restored");
        assertThat(run("restore", backup, restored, "--zxid", "0x3")).as(err).isEqualTo(DataCommand.OK);
        assertThat(out).contains("zxid 0x3");
        server.close();
        start(restored);
        ZooKeeper client = connect();
        assertThat(client.getData("/app", false, null)).asString().isEqualTo("two");
        assertThat(client.exists("/other", false)).isNull();
        client.close();
    }

    @Test
    void importsWhatZooKeeperLeft() {
        Path source = Path.of("src/test/resources/zookeeper/3.6.4");
        Path target = parent.resolve("coord");
        assertThat(run("import", source, target)).as(err).isEqualTo(DataCommand.OK);
        assertThat(out)
                .contains("snapshot.500000013", "2 sessions, up to zxid 0x500000020", "1 quotas", "Made " + target);
        assertThat(run("import", source, target)).isEqualTo(DataCommand.FAILED);
        assertThat(err).contains("not empty");
    }

    @Test
    void aWrongCommandLineIsToldWithTheRightOnes() {
        assertThat(run()).isEqualTo(DataCommand.WRONG_USAGE);
        assertThat(run("lgo", parent)).isEqualTo(DataCommand.WRONG_USAGE);
        assertThat(err).contains("There is no command lgo", "restore <backup");
        assertThat(run("log", parent, "--sesion", "1")).isEqualTo(DataCommand.WRONG_USAGE);
        assertThat(err).contains("There is no option --sesion");
        assertThat(run("log", parent, "--since", "yesterday")).isEqualTo(DataCommand.WRONG_USAGE);
        assertThat(run("log", parent.resolve("nowhere"))).isEqualTo(DataCommand.FAILED);
        assertThat(err).contains("nowhere");
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int value = bytes.read();
            bytes.seek(offset);
            bytes.write(value ^ 1);
        }
    }
}
