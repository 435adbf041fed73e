package io.coord.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.cli.fixture.OwnShell;
import io.coord.cli.fixture.RealZooKeeper;
import io.coord.testkit.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scenes 3, 5 and 8 of the tutorial as they are typed, on Coord and on ZooKeeper. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TutorialShellTest {
    @TempDir
    Path directory;

    private void onBoth(Consumer<String> scene) {
        try (TestServer coord = TestServer.inMemory()) {
            scene.accept(coord.connectString());
        }
        try (RealZooKeeper zooKeeper = RealZooKeeper.start(directory)) {
            scene.accept(zooKeeper.connectString());
        }
    }

    /** Types a line; what it prints must be this. */
    private static void typed(OwnShell shell, String line, String... expected) {
        assertThat(shell.run(line)).as(line).containsExactly(expected);
    }

    @Test
    void sceneThreeKindsOfNodes() {
        onBoth(servers -> {
            try (OwnShell b = new OwnShell(servers)) {
                try (OwnShell a = new OwnShell(servers)) {
                    typed(a, "create /test data", "Created /test");
                    typed(a, "create -s /test/seq- x", "Created /test/seq-0000000000");
                    typed(a, "create -s /test/seq- x", "Created /test/seq-0000000001");
                    typed(a, "create -e /test/tempNode temporary", "Created /test/tempNode");
                    typed(a, "create -e -s /test/es- x", "Created /test/es-0000000003");
                    typed(a, "create -c /test/container", "Created /test/container");
                    typed(a, "create -t 3600000 /test/ttl x", "Created /test/ttl");
                    typed(a, "create /test/tempNode/child x", "Ephemerals cannot have children: /test/tempNode/child");
                    assertThat(b.run("ls /test")).singleElement().asString().contains("tempNode", "es-0000000003");
                    typed(a, "getEphemerals", "[/test/es-0000000003, /test/tempNode]");
                }
                await().untilAsserted(() -> assertThat(b.run("ls /test"))
                        .containsExactly("[container, seq-0000000000, seq-0000000001, ttl]"));
            }
        });
    }

    @Test
    void sceneFiveTheShell() {
        onBoth(servers -> {
            try (OwnShell shell = new OwnShell(servers);
                    OwnShell other = new OwnShell(servers)) {
                typed(shell, "create /animal cat", "Created /animal");
                typed(shell, "create /animal/dog barks", "Created /animal/dog");
                typed(shell, "create /animal/dog/whiteDog", "Created /animal/dog/whiteDog");
                typed(shell, "ls /animal", "[dog]");
                typed(shell, "ls -R /animal", "/animal", "/animal/dog", "/animal/dog/whiteDog");
                assertThat(shell.run("stat /animal"))
                        .hasSize(11)
                        .contains("dataVersion = 0", "cversion = 1", "dataLength = 3", "numChildren = 1");
                typed(shell, "delete /animal/dog", "Node not empty: /animal/dog");
                typed(shell, "delete /animal/dog/whiteDog");
                typed(shell, "set /animal lion");
                typed(shell, "delete -v 0 /animal/dog");
                typed(shell, "delete -v 0 /animal", "version No is not valid : /animal");
                typed(shell, "create /animal/bird x", "Created /animal/bird");
                typed(shell, "deleteall /animal");
                typed(shell, "ls /animal", "Node does not exist: /animal");

                typed(shell, "addauth digest user:password");
                typed(shell, "create /authNode data auth:user:password:cdrwa", "Created /authNode");
                typed(shell, "get /authNode", "data");
                typed(other, "get /authNode", "Insufficient permission : /authNode");
                typed(other, "addauth digest user:password");
                typed(other, "get /authNode", "data");
            }
        });
    }

    @Test
    void sceneEightWatches() {
        onBoth(servers -> {
            try (OwnShell watching = new OwnShell(servers);
                    OwnShell other = new OwnShell(servers)) {
                typed(other, "create /watched one", "Created /watched");
                typed(watching, "get -w /watched", "one");
                typed(other, "set /watched two");
                awaitEvent(watching, "type:NodeDataChanged path:/watched");
                typed(other, "set /watched three");
                typed(watching, "ls -w /watched", "[]");
                assertThat(watching.printedSoFar())
                        .as("the second change is silent")
                        .hasSize(1);
                typed(other, "create /watched/child x", "Created /watched/child");
                awaitEvent(watching, "type:NodeChildrenChanged path:/watched");
                typed(watching, "ls -w /watched", "[child]");
                typed(other, "create /watched/child/grandchild x", "Created /watched/child/grandchild");
                typed(watching, "sync /watched", "Sync is OK");
                assertThat(watching.printedSoFar())
                        .as("a grandchild is not told")
                        .hasSize(1);
                typed(watching, "ls -w -R /watched", "/watched", "/watched/child", "/watched/child/grandchild");
                typed(other, "create /watched/child/grandchild/last x", "Created /watched/child/grandchild/last");
                awaitEvent(watching, "type:NodeChildrenChanged path:/watched/child/grandchild");

                typed(watching, "addWatch /all");
                typed(other, "create /all x", "Created /all");
                awaitEvent(watching, "type:NodeCreated path:/all");
                typed(other, "create /all/below x", "Created /all/below");
                awaitEvent(watching, "type:NodeCreated path:/all/below");
            }
        });
    }

    private static void awaitEvent(OwnShell shell, String event) {
        await().until(() -> {
            List<String> printed = shell.printedSoFar();
            return printed.contains("WATCHER::") && printed.stream().anyMatch(line -> line.contains(event + " zxid:"));
        });
    }
}
