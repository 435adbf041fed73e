package io.coord.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.cli.fixture.CoordEnsemble;
import io.coord.cli.fixture.OwnShell;
import io.coord.cli.fixture.RealQuorum;
import io.coord.cli.fixture.RealZooKeeper;
import io.coord.cli.fixture.ZooKeeperShell;
import io.coord.cli.output.Output;
import io.coord.testkit.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the shell says of ensembles, and to whoever wants to change one. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EnsembleShellTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /** The cells of a table's line. */
    private static List<String> cells(String line) {
        return List.of(line.split(" {2,}", -1));
    }

    private static List<String> column(List<String> table, String name) {
        int column = cells(table.get(0)).indexOf(name);
        return table.stream().skip(1).map(line -> cells(line).get(column)).toList();
    }

    @Test
    void statusHasALineForEachMemberOfWhichOneIsDown() {
        try (CoordEnsemble ensemble = new CoordEnsemble(directory);
                OwnShell shell = new OwnShell(ensemble.connectString());
                OwnShell json = new OwnShell(ensemble.connectString(), Output.Format.JSON)) {
            await().atMost(LONG_ENOUGH).untilAsserted(() -> {
                List<String> lines = shell.run("status");
                assertThat(shell.code()).as("%s", lines).isEqualTo(ExitCode.DONE);
            });
            assertThat(shell.run("create /a one")).containsExactly("Created /a");

            await().atMost(LONG_ENOUGH).untilAsserted(() -> {
                List<String> all = shell.run("status");
                assertThat(column(all, "SERVER"))
                        .containsExactly(ensemble.address(1), ensemble.address(2), ensemble.address(3));
                assertThat(column(all, "ROLE")).containsExactlyInAnyOrder("leader", "follower", "follower");
                assertThat(column(all, "HEALTH")).containsOnly("OK");
                assertThat(column(all, "LAG")).containsOnly("0");
                assertThat(column(all, "SESSIONS"))
                        .as("of the ensemble, at each")
                        .containsOnly("1");
                assertThat(column(all, "ZXID").get(0)).startsWith("0x").isNotEqualTo("0x0");
            });

            int follower = column(shell.run("status"), "ROLE").indexOf("follower") + 1;
            ensemble.stop(follower);
            List<String> twoAreLeft = shell.run("status");
            assertThat(shell.code()).isEqualTo(ExitCode.REFUSED);
            assertThat(twoAreLeft).hasSize(4);
            assertThat(twoAreLeft.get(follower))
                    .contains(ensemble.address(follower), "?", "UNREACHABLE: Connection refused");
            assertThat(column(twoAreLeft, "HEALTH")).contains("OK");
            List<String> lines = json.run("status");
            assertThat(lines).hasSize(3);
            assertThat(lines.get(follower - 1))
                    .contains("\"health\":\"UNREACHABLE", "\"zxid\":null,\"lag\":null,\"sessions\":null");

            int other = 6 - follower - (column(twoAreLeft, "ROLE").indexOf("leader") + 1);
            ensemble.stop(other);
            await().atMost(LONG_ENOUGH).untilAsserted(() -> {
                List<String> alone = shell.run("status");
                assertThat(alone.toString())
                        .as("without a majority nobody serves")
                        .contains("NOT SERVING");
                assertThat(column(alone, "HEALTH")).doesNotContain("OK");
                assertThat(shell.code()).isEqualTo(ExitCode.REFUSED);
            });
            ensemble.stop(6 - follower - other);
            shell.run("status");
            assertThat(shell.code()).isEqualTo(ExitCode.CANNOT_CONNECT);
        }
    }

    @Test
    void aMemberWithoutItsLeaderInTheListIsToldFromAnEnsembleWithoutOne() {
        try (CoordEnsemble ensemble = new CoordEnsemble(directory);
                OwnShell all = new OwnShell(ensemble.connectString())) {
            await().atMost(LONG_ENOUGH).untilAsserted(() -> {
                List<String> lines = all.run("status");
                assertThat(all.code()).as("%s", lines).isEqualTo(ExitCode.DONE);
            });
            List<String> followers = new ArrayList<>();
            List<String> roles = column(all.run("status"), "ROLE");
            for (int id = 1; id <= 3; id++) {
                if (roles.get(id - 1).equals("follower")) {
                    followers.add(ensemble.address(id));
                }
            }
            try (OwnShell some = new OwnShell(String.join(",", followers));
                    OwnShell one = new OwnShell(followers.get(0))) {
                assertThat(some.run("status")).last().asString().startsWith("None of these servers leads");
                assertThat(some.code()).isEqualTo(ExitCode.REFUSED);
                one.run("status");
                assertThat(one.code()).isEqualTo(ExitCode.DONE);
            }
        }
    }

    @Test
    void configAndReconfigWorkOnARealEnsembleAsInZooKeepersShell() {
        try (RealQuorum quorum = RealQuorum.start(directory);
                OwnShell shell = new OwnShell(quorum.connectString());
                ZooKeeperShell theirs = new ZooKeeperShell(quorum.connectString())) {
            sameAnswer(shell, theirs, "config");
            sameAnswer(shell, theirs, "config -c");
            assertThat(shell.run("config -c")).singleElement().asString().endsWith(" " + quorum.connectString());
            assertThat(shell.run("status").get(1)).contains("leader", "OK");

            List<Integer> ports = RealQuorum.freePorts(3);
            String server =
                    "server.2=127.0.0.1:" + ports.get(0) + ":" + ports.get(1) + ":observer;127.0.0.1:" + ports.get(2);
            assertThat(shell.run("reconfig -add " + server))
                    .singleElement()
                    .asString()
                    .startsWith("Insufficient permission : /zookeeper/config");
            assertThat(shell.code()).isEqualTo(ExitCode.REFUSED);

            shell.run("addauth digest super:admin");
            assertThat(shell.run("reconfig -add " + server))
                    .hasSize(4)
                    .startsWith("Committed new configuration:")
                    .contains(server);
            sameAnswer(shell, theirs, "config");
            assertThat(shell.run("reconfig -s -v 77 -remove 2")).containsExactly("version No is not valid : null");
            assertThat(shell.run("reconfig -add server.3=nonsense"))
                    .singleElement()
                    .asString()
                    .contains("server.N=host");
            assertThat(shell.run("reconfig -remove 2").toString())
                    .doesNotContain(server)
                    .contains("version=");
            assertThat(shell.code()).isEqualTo(ExitCode.DONE);
            assertThat(shell.run("reconfig")).first().asString().contains("-file, -members, or -add and -remove");
            assertThat(shell.code()).isEqualTo(ExitCode.USAGE);
        }
    }

    private static void sameAnswer(OwnShell shell, ZooKeeperShell theirs, String line) {
        List<String> expected = theirs.run(line).stream()
                .map(each -> each.replaceFirst("^(\\[zk: [^\\]]*\\] )+", ""))
                .filter(each -> !each.isBlank())
                .toList();
        assertThat(shell.run(line)).as(line).isEqualTo(expected);
    }

    @Test
    void whoCannotBeReconfiguredSaysWhy() {
        String add = "reconfig -add server.2=127.0.0.1:1:2:observer;127.0.0.1:3";
        try (TestServer disabled = TestServer.inMemory();
                TestServer alone = TestServer.with(settings -> settings.reconfigEnabled(true));
                RealZooKeeper zooKeeper = RealZooKeeper.start(directory.resolve("disabled"));
                OwnShell one = new OwnShell(disabled.connectString());
                OwnShell two = new OwnShell(alone.connectString());
                OwnShell three = new OwnShell(zooKeeper.connectString())) {
            assertThat(one.run(add)).singleElement().asString().contains("reconfigEnabled=true");
            assertThat(one.code()).isEqualTo(ExitCode.REFUSED);
            assertThat(two.run(add)).singleElement().asString().contains("cannot change its ensemble");
            assertThat(three.run(add)).singleElement().asString().contains("reconfigEnabled=true");
            assertThat(one.run("config")).singleElement().asString().contains("belongs to no ensemble");
        }
        try (RealZooKeeper alone = RealZooKeeper.startReconfigurable(directory.resolve("enabled"));
                OwnShell shell = new OwnShell(alone.connectString())) {
            assertThat(shell.run(add)).singleElement().asString().contains("cannot change its ensemble");
            assertThat(shell.code()).isEqualTo(ExitCode.REFUSED);
        }
    }
}
