package io.coord.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.cli.fixture.OwnShell;
import io.coord.cli.fixture.RealZooKeeper;
import io.coord.cli.fixture.ZooKeeperShell;
import io.coord.testkit.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Line by line beside ZooKeeper's own shell, each on a server of its own with the same history. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZooKeeperShellCompatTest {
    /**
     * A line that both are given.
     *
     * @param reason why the answers are not the same; empty when they are to be
     */
    private record Line(String text, String reason) {}

    private static Line same(String text) {
        return new Line(text, "");
    }

    private static Line other(String text, String reason) {
        return new Line(text, reason);
    }

    private static final String USAGE = "what is wrong is said, and the usage is that of more options";
    private static final String PATHS = "the rule that the path breaks is named, with the place";

    private static final List<Line> LINES = List.of(
            same("create /a one"),
            same("create /a two"),
            same("create /a/b/c x"),
            same("create /a/b {\"json\":1}"),
            same("create /a/quoted \"two words\""),
            same("create /a/single 'two words'"),
            same("create -s /a/s- x"),
            same("create -s -e /a/es- x"),
            same("create -e /e x"),
            same("create /e/child x"),
            same("create -c /container"),
            same("create -t 100000 /ttl x"),
            same("create -t 100000 -s /ttl- x"),
            same("create -c -e /wrong"),
            same("create -t 5 -e /wrong"),
            same("create -t 5 -c /wrong"),
            same("create /acl x world:anyone:cdr"),
            other("create /acl2 x world", "an ACL that cannot be read is refused before anything is sent"),
            other("create relative x", PATHS),
            other("create /a//b x", PATHS),
            other("create /end/ x", PATHS),
            other("create", USAGE),
            same("ls /"),
            same("ls /a"),
            same("ls -s /a"),
            same("ls -R /a"),
            same("ls -R -s /a"),
            same("ls /missing"),
            same("ls -R /missing"),
            other("ls", USAGE),
            other("ls -q /a", USAGE),
            same("get /a"),
            same("get -s /a"),
            same("get -b /a"),
            same("get -x /a"),
            same("create /null"),
            same("get /null"),
            same("get -b /null"),
            same("get -x /null"),
            same("get -s /null"),
            same("set /null \"\""),
            same("get /null"),
            same("get -x /null"),
            same("set -s /null x"),
            same("get /a/b"),
            same("get /a/quoted"),
            same("get /missing"),
            same("stat /a"),
            same("stat /missing"),
            same("set /a three"),
            same("get /a"),
            same("set -s /a four"),
            same("set -v 99 /a five"),
            same("set -v 2 /a five"),
            same("set /missing x"),
            other("set /a", USAGE),
            same("getAcl /a"),
            same("getAcl -s /acl"),
            same("set /acl y"),
            same("setAcl /a world:anyone:cdra"),
            same("setAcl -v 99 /a world:anyone:cdrwa"),
            same("setAcl -s /a world:anyone:cdrwa"),
            same("setAcl -R /a world:anyone:cdrwa"),
            same("getAcl /a/b"),
            same("create /locked x"),
            same("create /locked/below x"),
            same("setAcl /locked world:anyone:r"),
            same("setAcl /locked world:anyone:cdrwa"),
            same("delete /locked/below"),
            other("setAcl -R /locked world:anyone:r", "each znode that is refused has a line of its own"),
            other("deleteall /locked", "who refuses is named"),
            same("addauth digest ann:secret"),
            same("create /ann x auth:ann:secret:cdrwa"),
            same("getAcl /ann"),
            same("get /ann"),
            same("whoami"),
            same("getEphemerals"),
            same("getEphemerals /e"),
            same("getAllChildrenNumber /a"),
            same("getAllChildrenNumber /missing"),
            same("setquota -n 5 /a"),
            same("listquota /a"),
            same("setquota -b 100 /a"),
            same("setquota -N 50 /a"),
            same("setquota -B 1000 /a"),
            same("listquota /a"),
            same("setquota -n 5 /a/b"),
            other("setquota -n 5 /", "the root may have a quota, where nothing below it has one"),
            same("setquota -n 5 /missing"),
            same("setquota -n 5 /zookeeper/quota"),
            same("delquota -n /a"),
            same("listquota /a"),
            same("delquota /a"),
            same("listquota /a"),
            same("delquota /a"),
            same("ls -R /zookeeper/quota"),
            same("sync /"),
            other("config", "that there is none is said"),
            same("addWatch /w"),
            same("addWatch -m PERSISTENT /w2"),
            other("addWatch -m NONSENSE /w2", USAGE),
            same("removewatches /w"),
            other("removewatches /w", "the words for a watch that is not there are the client's"),
            same("printwatches"),
            same("printwatches off"),
            same("printwatches"),
            same("printwatches on"),
            same("delete /a"),
            same("delete -v 99 /acl"),
            same("delete -v 1 /acl"),
            same("delete /missing"),
            same("deleteall /a"),
            same("deleteall /missing"),
            same("ls -R /"),
            other("reconfig -remove 3", "what would allow it is said"),
            other("nonsense", "help lists the commands, instead of all their usages at each slip"),
            other("version", "the versions are those of Coord and Java"),
            same("redo 9999"));

    @TempDir
    Path theirs;

    @TempDir
    Path ours;

    @Test
    void answersAsZooKeepersShellDoesOnZooKeeper() {
        try (RealZooKeeper one = RealZooKeeper.start(theirs);
                RealZooKeeper other = RealZooKeeper.start(ours)) {
            compare(one.connectString(), other.connectString());
        }
    }

    @Test
    void answersAsZooKeepersShellDoesOnCoord() {
        try (TestServer one = TestServer.inMemory();
                TestServer other = TestServer.inMemory()) {
            compare(one.connectString(), other.connectString());
        }
    }

    private static void compare(String theirServer, String ourServer) {
        SoftAssertions differences = new SoftAssertions();
        try (ZooKeeperShell zooKeeper = new ZooKeeperShell(theirServer);
                OwnShell own = new OwnShell(ourServer)) {
            for (Line each : LINES) {
                List<String> expected = comparable(zooKeeper.run(each.text()));
                List<String> answer = comparable(own.run(each.text()));
                if (each.reason().isEmpty()) {
                    differences.assertThat(answer).as(each.text()).isEqualTo(expected);
                } else {
                    differences
                            .assertThat(answer)
                            .as("%s, listed as different: %s", each.text(), each.reason())
                            .isNotEqualTo(expected);
                }
            }
        }
        differences.assertAll();
        assertThat(LINES).hasSizeGreaterThan(80);
    }

    /**
     * Without what differs between two servers: zxids and session ids, times, the order of sets. And without events: their shell is told of
     * a watch that it removes, ours is not, and it prints them when it comes to it.
     */
    private static List<String> comparable(List<String> lines) {
        return lines.stream()
                .map(each -> each.replaceFirst("^(\\[zk: [^\\]]*\\] )+", "")
                        .replaceAll("0x[0-9a-f]+", "0xN")
                        .replaceFirst("time = .*", "time = T"))
                .filter(each -> !each.isBlank() && !each.equals("WATCHER::") && !each.startsWith("WatchedEvent "))
                .toList();
    }
}
