package io.coord.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.cli.fixture.OwnShell;
import io.coord.cli.fixture.RealZooKeeper;
import io.coord.client.CoordClient;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Id;
import io.coord.testkit.FaultProxy;
import io.coord.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trees from one server to another, and to files. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TreesTest {
    private static final int ZNODES = Integer.getInteger("coord.copy.znodes", 3_000);
    private static final int BRANCHES = 100;

    @TempDir
    Path directory;

    @Test
    void copiesFromZooKeeperToCoordWhileBothAreWrittenToAndResumes() throws Exception {
        try (RealZooKeeper zooKeeper = RealZooKeeper.start(directory);
                TestServer coord = TestServer.inMemory();
                CoordClient source = CoordClient.builder()
                        .connectString(zooKeeper.connectString())
                        .requestTimeout(Duration.ofMinutes(5))
                        .build()
                        .start();
                OwnShell shell = new OwnShell(zooKeeper.connectString())) {
            CoordClient target = coord.newClient();
            fill(source);
            AtomicBoolean stopped = new AtomicBoolean();
            Thread writing = new Thread(() -> write(source, target, stopped));
            writing.start();

            Thread copying = new Thread(() -> shell.run("copy --to " + coord.connectString() + " /shop"));
            copying.start();
            await().atMost(Duration.ofMinutes(5)).until(() -> count(target) > ZNODES / 10);
            copying.interrupt();
            copying.join();
            assertThat(shell.code()).isEqualTo(ExitCode.INTERRUPTED);
            int before = count(target);

            Thread stopping = new Thread(() -> {
                await().atMost(Duration.ofMinutes(5)).until(() -> count(target) >= Math.max(before, ZNODES));
                stopped.set(true);
            });
            stopping.start();
            List<String> lines = shell.run("copy --to " + coord.connectString() + " /shop");
            stopping.join();
            writing.join();
            assertThat(shell.code()).as("%s", lines).isEqualTo(ExitCode.DONE);
            assertThat(lines.get(1)).matches("Verified: \\d+ znodes are equal");
            assertThat(Integer.parseInt(lines.get(0).replaceAll("Created (\\d+),.*", "$1")))
                    .as("only what was missing is created: %s", lines)
                    .isLessThanOrEqualTo(ZNODES + 500 - before);

            List<String> quiet = shell.run("copy --to " + coord.connectString() + " /shop");
            assertThat(quiet.get(1)).startsWith("Verified: ");
            assertThat(tree(target)).isEqualTo(tree(source));
            assertThat(target.getData().forPath("/written-0")).hasSize(1);
        }
    }

    private static void fill(CoordClient client) throws InterruptedException {
        client.create().forPath("/shop");
        List<CompletionStage<String>> creates = new ArrayList<>();
        for (int i = 0; i < BRANCHES; i++) {
            creates.add(client.create().forPathAsync("/shop/" + i, new byte[i]));
        }
        for (int i = 0; i < ZNODES - BRANCHES - 1; i++) {
            creates.add(client.create()
                    .forPathAsync("/shop/" + i % BRANCHES + "/item-" + i, ("value " + i).getBytes(UTF_8)));
        }
        NodeCopy.awaitAll(creates);
    }

    /** On both servers, until it is stopped: 500 znodes at most. */
    private static void write(CoordClient source, CoordClient target, AtomicBoolean stopped) {
        for (int i = 0; i < 500 && !stopped.get(); i++) {
            source.create().orSetData().forPath("/shop/" + i % BRANCHES + "/new-" + i, new byte[] {1});
            source.setData().forPath("/shop/" + i % BRANCHES, ("changed " + i).getBytes(UTF_8));
            target.create().orSetData().forPath("/written-" + i, new byte[] {1});
        }
    }

    private static int count(CoordClient client) {
        return client.checkExists().forPath("/shop") == null
                ? 0
                : client.getAllChildrenNumber().forPath("/shop");
    }

    private static List<String> tree(CoordClient client) {
        List<String> lines = new ArrayList<>();
        collect(client, "/shop", lines);
        return lines;
    }

    private static void collect(CoordClient client, String path, List<String> lines) {
        lines.add(path + '=' + new String(client.getData().forPath(path), UTF_8));
        client.getChildren().forPath(path).stream().sorted().forEach(each -> collect(client, path + '/' + each, lines));
    }

    @Test
    void copiesDataAndRightsAndLeavesEphemeralsOut() {
        try (TestServer one = TestServer.inMemory();
                TestServer other = TestServer.inMemory();
                OwnShell shell = new OwnShell(one.connectString())) {
            CoordClient source = one.newClient();
            CoordClient target = other.newClient();
            source.create().forPath("/parent");
            source.create().forPath("/parent/child", new byte[] {0, (byte) 0xff});
            source.create().withMode(CreateMode.EPHEMERAL).forPath("/ephemeral");
            source.create()
                    .withACL(List.of(new Acl(Acl.READ | Acl.ADMIN, Id.ANYONE)))
                    .forPath("/read-only");
            target.create().forPath("/stranger");

            assertThat(shell.run("copy --to " + other.connectString()).get(0))
                    .isEqualTo("Created 3, changed 0, deleted 0");
            assertThat(target.getChildren().forPath("/"))
                    .containsExactlyInAnyOrder("parent", "read-only", "stranger", "zookeeper");
            assertThat(target.getACL().forPath("/read-only"))
                    .isEqualTo(source.getACL().forPath("/read-only"));
            assertThat(target.getData().forPath("/parent/child")).containsExactly(0, 0xff);

            assertThat(shell.run("copy --to " + other.connectString()).get(0))
                    .isEqualTo("Created 0, changed 0, deleted 0");
            assertThat(shell.run("copy --delete --to " + other.connectString()).get(0))
                    .isEqualTo("Created 0, changed 0, deleted 1");
            shell.run("copy --to " + other.connectString() + " /parent /elsewhere/here");
            assertThat(target.getData().forPath("/elsewhere/here/child")).containsExactly(0, 0xff);

            source.setData().forPath("/parent/child", new byte[] {1});
            assertThat(shell.run("copy --to " + other.connectString()).get(0))
                    .isEqualTo("Created 0, changed 1, deleted 0");
        }
    }

    @Test
    void followsWhatTheSourceChangesBehindIt() throws InterruptedException {
        try (TestServer one = TestServer.inMemory();
                TestServer other = TestServer.inMemory();
                OwnShell shell = new OwnShell(one.connectString())) {
            CoordClient source = one.newClient();
            CoordClient target = other.newClient();
            source.create().creatingParentsIfNeeded().forPath("/tree/early");
            AtomicBoolean changed = new AtomicBoolean();
            TreeCopy copy = new TreeCopy(
                    shell.shell(), source, target, "/tree", "/tree", true, path -> CreateMode.PERSISTENT, now -> {
                        if (!changed.getAndSet(true)) {
                            // The root and the list of its children are read.
                            source.setData().forPath("/tree", new byte[] {1});
                            source.create().forPath("/tree/late", new byte[] {2});
                            source.delete().forPath("/tree/early");
                        }
                    });
            copy.run();
            assertThat(target.getData().forPath("/tree")).containsExactly(1);
            assertThat(target.getData().forPath("/tree/late")).containsExactly(2);
            assertThat(target.getChildren().forPath("/tree")).containsExactly("late");
        }
    }

    @Test
    void goesThroughTheTreeAgainWhenItsConnectionWasAway() throws InterruptedException {
        try (TestServer one = TestServer.inMemory();
                TestServer other = TestServer.inMemory();
                OwnShell shell = new OwnShell(one.connectString())) {
            CoordClient writer = one.newClient();
            CoordClient target = other.newClient();
            FaultProxy proxy = one.newProxy();
            CoordClient source = one.newClient(settings -> settings.connectString(proxy.connectString()));
            writer.create().creatingParentsIfNeeded().forPath("/tree/early/below");
            TreeCopy copy = new TreeCopy(
                    shell.shell(), source, target, "/tree", "/tree", true, path -> CreateMode.PERSISTENT, now -> {
                        if (now.created() == 3
                                && proxy.connections() > 0
                                && writer.checkExists().forPath("/tree/late") == null) {
                            // All is copied; what comes now, nobody tells.
                            proxy.refuse();
                            proxy.cut();
                            writer.create().forPath("/tree/late", new byte[] {2});
                            writer.delete().forPath("/tree/early/below");
                            proxy.resume();
                        }
                    });
            copy.run();
            assertThat(target.getChildren().forPath("/tree")).containsExactlyInAnyOrder("early", "late");
            assertThat(target.checkExists().forPath("/tree/early/below")).isNull();
        }
    }

    /** If this fails, a server has begun to tell: copy, export and import could keep the kinds then. */
    @Test
    void noServerTellsAClientWhichZnodesAreContainersOrHaveATimeToLive() {
        try (TestServer coord = TestServer.inMemory();
                RealZooKeeper zooKeeper = RealZooKeeper.start(directory)) {
            for (String servers : List.of(coord.connectString(), zooKeeper.connectString())) {
                try (OwnShell shell = new OwnShell(servers)) {
                    shell.run("create -c /container");
                    shell.run("create -t 3600000 /ttl");
                    shell.run("create /container/child");
                    assertThat(shell.run("stat /container")).contains("ephemeralOwner = 0x0");
                    assertThat(shell.run("stat /ttl")).contains("ephemeralOwner = 0x0");
                }
            }
        }
    }

    @Test
    void makesContainersWhereItIsToldTo() {
        try (TestServer one = TestServer.inMemory();
                TestServer other = TestServer.inMemory();
                OwnShell shell = new OwnShell(one.connectString())) {
            CoordClient source = one.newClient();
            CoordClient target = other.newClient();
            source.create().creatingParentsIfNeeded().forPath("/locks/report/child");
            source.create().forPath("/locks/empty", null);
            shell.run("copy --containers /locks/r* --to " + other.connectString());
            assertThat(shell.code()).isEqualTo(ExitCode.DONE);
            assertThat(target.getData().orNull().forPath("/locks/empty")).isNull();
            target.delete().forPath("/locks/report/child");
            await().until(() -> target.checkExists().forPath("/locks/report") == null);
            assertThat(target.checkExists().forPath("/locks/empty")).isNotNull();

            Path file = directory.resolve("locks.json");
            shell.run("export -f " + file + " /locks");
            shell.run("import --containers /imported/report " + file + " /imported");
            source.delete().forPath("/imported/report/child");
            await().until(() -> source.checkExists().forPath("/imported/report") == null);
            assertThat(source.getData().orNull().forPath("/imported/empty")).isNull();
            assertThat(shell.run("copy --containers /{ --to " + other.connectString()))
                    .singleElement()
                    .asString()
                    .contains("is no pattern");
        }
    }

    @Test
    void whatAnExportMustNotHoldIsRefusedWithItsPlace() throws IOException {
        try (TestServer server = TestServer.inMemory();
                OwnShell shell = new OwnShell(server.connectString())) {
            String head = "{\"format\":\"coord-tree\",\"version\":1,\"nodes\":[\n";
            for (String node : List.of(
                    "{\"path\":7}",
                    "{\"path\":\"/a\",\"dataBase64\":\"%%\"}",
                    "{\"path\":\"/a\",\"data\":7}",
                    "{\"path\":\"a\"}",
                    "{\"path\":\"/a\",\"acl\":\"world:anyone:r\"}",
                    "7")) {
                Path file = Files.writeString(directory.resolve("wrong.json"), head + node + "]}");
                assertThat(shell.run("import " + file))
                        .as(node)
                        .singleElement()
                        .asString()
                        .contains("is no export");
                assertThat(shell.code()).isEqualTo(ExitCode.REFUSED);
            }
            Path orphan = Files.writeString(directory.resolve("orphan.json"), head + "{\"path\":\"/no/parent\"}]}");
            assertThat(shell.run("import " + orphan)).last().asString().contains("1 znodes could not be made");
            assertThat(shell.code()).isEqualTo(ExitCode.REFUSED);
        }
    }

    @Test
    void importsWhatItHasExported() throws IOException {
        try (TestServer one = TestServer.inMemory();
                TestServer other = TestServer.inMemory();
                OwnShell from = new OwnShell(one.connectString());
                OwnShell to = new OwnShell(other.connectString())) {
            from.run("create /a one");
            from.run("create /a/b {\"json\":1}");
            from.run("create -c /a/c");
            from.run("create /a/r x world:anyone:ra");
            one.newClient().create().forPath("/a/binary", new byte[] {0, (byte) 0xff});
            Path file = directory.resolve("tree.json");
            assertThat(from.run("export -f " + file + " /a")).containsExactly("Exported 5 znodes to " + file);
            assertThat(from.run("export -f " + file + " /a")).containsExactly(file + " is there already");

            assertThat(to.run("import " + file + " /x/y")).containsExactly("Created 5, changed 0");
            assertThat(to.run("get /x/y/b")).containsExactly("{\"json\":1}");
            assertThat(to.run("getAcl /x/y/r")).containsExactly("'world,'anyone", ": ra");
            assertThat(other.newClient().getData().forPath("/x/y/binary")).containsExactly(0, 0xff);
            assertThat(to.run("import " + file + " /x/y")).containsExactly("Created 0, changed 0");

            assertThat(from.run("export")).first().asString().startsWith("{\"format\":\"coord-tree\",\"version\":1");
            Path torn = Files.writeString(
                    directory.resolve("torn.json"), Files.readString(file).substring(0, 200));
            assertThat(to.run("import " + torn + " /torn").get(0)).contains("is no export, or not a whole one");
            assertThat(to.code()).isEqualTo(ExitCode.REFUSED);
            Path stranger = Files.writeString(directory.resolve("other.json"), "{\"nodes\":[]}");
            assertThat(to.run("import " + stranger + " /s").get(0)).contains("is no export");
        }
    }
}
