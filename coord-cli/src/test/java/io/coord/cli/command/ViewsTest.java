package io.coord.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.cli.fixture.OwnShell;
import io.coord.cli.fixture.RealZooKeeper;
import io.coord.cli.output.Output;
import io.coord.client.CoordClient;
import io.coord.protocol.data.CreateMode;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.ServiceRegistration;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.LeaderSelector;
import io.coord.recipes.leader.LeaderTask;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.Mutex;
import io.coord.recipes.lock.ReadWriteLock;
import io.coord.testkit.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ZooKeeper's shell cannot show. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ViewsTest {
    @Test
    void showsWhoHoldsALockAndWhoWaitsForWhom() {
        try (TestServer server = TestServer.inMemory();
                OwnShell shell = new OwnShell(server.connectString())) {
            CoordClient holder = server.newClient();
            CoordClient waiter = server.newClient();
            Lease lease =
                    new Mutex(holder, "/locks/report").forPurpose("nightly").acquire();
            new Mutex(waiter, "/locks/report").acquireAsync();
            ReadWriteLock catalogue = new ReadWriteLock(holder, "/locks/catalogue");
            catalogue.readLock().acquire();
            await().until(() -> waiter.getChildren().forPath("/locks/report").size() == 2);

            List<String> lines = shell.run("locks");
            assertThat(lines).hasSize(4);
            assertThat(lines.get(0)).startsWith("LOCK").contains("WAITS FOR");
            assertThat(lines.get(1)).containsSubsequence("/locks/catalogue", "0000000000", "READ", "HOLDS");
            assertThat(lines.get(2))
                    .containsSubsequence(
                            "/locks/report",
                            "0000000000",
                            "EXCLUSIVE",
                            "HOLDS",
                            "pid",
                            "nightly",
                            Long.toHexString(holder.sessionId()));
            assertThat(lines.get(3))
                    .containsSubsequence(
                            "/locks/report", "0000000001", "WAITS", "0000000000", Long.toHexString(waiter.sessionId()));
            assertThat(shell.run("locks /locks/catalogue")).hasSize(2);
            assertThat(shell.run("locks /nowhere")).containsExactly("Node does not exist: /nowhere");
            lease.release();
        }
    }

    @Test
    void showsLeadersAndThoseBehindThem() throws Exception {
        try (TestServer server = TestServer.inMemory();
                OwnShell shell = new OwnShell(server.connectString(), Output.Format.JSON)) {
            CoordClient client = server.newClient();
            try (LeaderLatch first = new LeaderLatch(client, "/elections/plan", "shop-1").start()) {
                first.await();
                try (LeaderLatch second = new LeaderLatch(client, "/elections/plan", "shop-2").start()) {
                    await().until(() -> second.participants().size() == 2);
                    assertThat(shell.run("leaders /elections"))
                            .singleElement()
                            .asString()
                            .containsSubsequence(
                                    "\"election\":\"/elections/plan\"", "shop-1", "true", "shop-2", "false");
                }
            }
        }
    }

    @Test
    void tellsElectionsBySelectorsFromMutexes() throws Exception {
        try (TestServer server = TestServer.inMemory();
                OwnShell shell = new OwnShell(server.connectString())) {
            CoordClient client = server.newClient();
            CoordClient other = server.newClient();
            new Mutex(client, "/app/lock").acquire();
            client.create()
                    .creatingParentsIfNeeded()
                    .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                    .forPath("/app/curator/_c_x-lock-", "10.0.0.7".getBytes(UTF_8));
            CountDownLatch leads = new CountDownLatch(1);
            LeaderTask task = leadership -> {
                leads.countDown();
                new CountDownLatch(1).await();
            };
            try (LeaderSelector first = new LeaderSelector(client, "/app/plan", "shop-1", task).start()) {
                leads.await();
                try (LeaderSelector second = new LeaderSelector(other, "/app/plan", "shop-2", task).start()) {
                    await().until(() -> second.participants().size() == 2);
                    List<String> lines = shell.run("leaders");
                    assertThat(lines).hasSize(3);
                    assertThat(lines.get(1)).containsSubsequence("/app/plan", "SELECTOR", "LEADS", first.id());
                    assertThat(lines.get(2)).containsSubsequence("/app/plan", "SELECTOR", "WAITS", "shop-2");
                    assertThat(shell.run("leaders /app/curator"))
                            .as("asked for by its path")
                            .hasSize(2);
                    assertThat(shell.run("leaders /app/lock/none"))
                            .containsExactly("Node does not exist: /app/lock/none");
                }
            }
        }
    }

    @Test
    void showsServices() {
        try (TestServer server = TestServer.inMemory();
                OwnShell shell = new OwnShell(server.connectString())) {
            CoordClient client = server.newClient();
            ServiceInstance<Void> instance = ServiceInstance.<Void>builder("shop")
                    .id("shop-3")
                    .address("10.0.0.3")
                    .port(8080)
                    .build();
            try (ServiceRegistration<Void> registration = new ServiceRegistration<>(
                            client, "/services", instance, InstanceSerializer.withoutPayload())
                    .start()) {
                assertThat(registration.awaitRegistered(Duration.ofSeconds(10))).isTrue();
                List<String> lines = shell.run("services");
                assertThat(lines).hasSize(2);
                assertThat(lines.get(1)).containsSubsequence("shop", "shop-3", "10.0.0.3", "8080", "DYNAMIC", "yes");
            }
        }
    }

    @Test
    void drawsTheTreeAndSumsItUp() {
        try (TestServer server = TestServer.inMemory();
                OwnShell shell = new OwnShell(server.connectString())) {
            CoordClient client = server.newClient();
            client.create().creatingParentsIfNeeded().forPath("/a/b/c", new byte[100]);
            client.create().forPath("/a/d", new byte[5]);
            client.create().withMode(CreateMode.EPHEMERAL).forPath("/a/e");
            assertThat(shell.run("tree /a"))
                    .containsExactly(
                            "/a",
                            "├── b",
                            "│   └── c  100 B",
                            "├── d  5 B",
                            "└── e  ephemeral of 0x" + Long.toHexString(client.sessionId()),
                            "5 znodes");
            assertThat(shell.run("tree -L 1 /a")).hasSize(5);
            assertThat(shell.run("du /a"))
                    .containsExactly(
                            "BYTES  ZNODES  PATH",
                            "105    5       /a",
                            "100    2       /a/b",
                            "5      1       /a/d",
                            "0      1       /a/e");
        }
    }

    @Test
    void tellsHowServersAre(@TempDir Path directory) {
        try (TestServer coord = TestServer.with(settings -> settings.fourLetterWords("srvr", "mntr"));
                RealZooKeeper zooKeeper = RealZooKeeper.start(directory);
                OwnShell shell = new OwnShell(
                        coord.connectString() + "," + zooKeeper.connectString() + ",127.0.0.1:1/x",
                        Output.Format.JSON)) {
            coord.newClient().create().forPath("/a");
            List<String> lines = shell.run("status");
            assertThat(lines).hasSize(3);
            assertThat(lines.get(0))
                    .contains("\"health\":\"OK\",\"role\":\"standalone\"", "\"lag\":0", "\"sessions\":1");
            assertThat(lines.get(1)).contains("\"health\":\"OK\",\"role\":\"standalone\"", "\"sessions\":0");
            assertThat(lines.get(2)).contains("UNREACHABLE");
            assertThat(shell.code()).isEqualTo(ExitCode.REFUSED);
        }
    }

    @Test
    void followsChangesWithTheNodeBeforeAndAfter() throws Exception {
        try (TestServer server = TestServer.inMemory();
                OwnShell shell = new OwnShell(server.connectString())) {
            CoordClient client = server.newClient();
            client.create().forPath("/config", "old".getBytes(UTF_8));
            Thread writer = new Thread(() -> {
                await().until(() -> shell.printedSoFar().contains("Watching /config"));
                client.setData().forPath("/config", "new".getBytes(UTF_8));
            });
            writer.start();
            List<String> lines = shell.run("watch --nodes /config");
            writer.join();
            assertThat(lines).hasSize(2);
            assertThat(lines.get(1))
                    .containsSubsequence(
                            "\"event\":\"NODE_CHANGED\"",
                            "\"old\":{\"path\":\"/config\",\"stat\":{\"czxid\":",
                            "\"data\":\"old\"",
                            "\"new\":{",
                            "\"data\":\"new\"");
        }
    }

    @Test
    void showsWhatHappenedFromTheServersFiles(@TempDir Path directory) {
        Path data = directory.resolve("data");
        try (TestServer server = TestServer.on(data);
                OwnShell shell = new OwnShell(server.connectString())) {
            shell.run("create /a one");
            shell.run("set /a two");
            assertThat(shell.run("log --data " + data + " /a"))
                    .hasSize(3)
                    .anySatisfy(line -> assertThat(line).contains("setData /a", "\"two\"", "OK: changed /a"));
            Path backup = directory.resolve("backup.tar.gz");
            assertThat(shell.run("backup " + data + " " + backup).get(0)).startsWith("Saved " + backup);
            shell.run("set /a three");
            assertThat(shell.run("restore " + backup + " " + directory.resolve("restored"))
                            .get(0))
                    .startsWith("Restored");
            assertThat(shell.run("restore " + backup + " " + data)).isNotEmpty();
            assertThat(shell.code()).isEqualTo(ExitCode.REFUSED);
        }
        try (TestServer restored = TestServer.on(directory.resolve("restored"));
                OwnShell shell = new OwnShell(restored.connectString())) {
            assertThat(shell.run("get /a")).containsExactly("two");
        }
    }
}
