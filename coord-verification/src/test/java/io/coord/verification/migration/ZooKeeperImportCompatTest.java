package io.coord.verification.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.EmbeddedServer;
import io.coord.server.internal.migration.ImportReport;
import io.coord.server.internal.migration.ImportSettings;
import io.coord.server.internal.migration.ZooKeeperImport;
import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import io.coord.verification.server.ZooKeeperUnderTest;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real ZooKeeper 3.9.5 in a process of its own works, stops in order or by {@code kill -9}, and its data is imported. What it
 * shows when it is started once more on the same files, Coord has to show. {@code -Dcoord.migration.seed} says which writes,
 * {@code -Dcoord.migration.operations} how many for each of three clients.
 */
class ZooKeeperImportCompatTest {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperImportCompatTest.class);
    private static final long SEED = Long.getLong("coord.migration.seed", System.nanoTime());
    private static final int OPERATIONS = Integer.getInteger("coord.migration.operations", 300);
    private static final int TICK_MS = 2_000;
    private static final int NEVER_MS = (int) TimeUnit.HOURS.toMillis(1);
    /** Several snapshots, each while writes go on, and short logs. */
    private static final List<String> JVM =
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Dzookeeper.snapCount=150", "-Dzookeeper.preAllocSize=64");

    @TempDir
    Path directory;

    @Test
    void whatAServerLeavesThatStopsInOrderIsAllThere() throws Exception {
        checkImport(ServerProcess::close, List.of("-Dzookeeper.snapshot.compression.method=gz"));
    }

    @Test
    void whatAServerLeavesThatIsKilledIsAllThere() throws Exception {
        checkImport(ServerProcess::kill, List.of());
    }

    /** As with {@code closeSessionTxn.enabled=false}, which leaves the log without what 3.6 added to the end of a session. */
    @Test
    @Tag("soak")
    void snappySnapshotsAndLogsWithoutListsOfEphemeralsAreRead() throws Exception {
        checkImport(
                ServerProcess::kill,
                List.of("-Dzookeeper.snapshot.compression.method=snappy", "-Dzookeeper.closeSessionTxn.enabled=false"));
    }

    /** How a server comes to its end. */
    private interface End {
        void of(ServerProcess server);
    }

    private void checkImport(End end, List<String> options) throws IOException, InterruptedException, KeeperException {
        LOG.info("seed {}", SEED);
        Path source = directory.resolve("zookeeper");
        List<String> jvm = new ArrayList<>(JVM);
        jvm.addAll(options);
        List<RawSession> living;
        ServerProcess zooKeeper = ServerProcess.start(Implementation.ZOOKEEPER, source, TICK_MS, false, List.of(), jvm);
        try {
            ZooKeeperWorkload workload = new ZooKeeperWorkload(zooKeeper.port(), SEED, OPERATIONS);
            workload.run(() -> {});
            living = workload.leftBehind();
            end.of(zooKeeper);
        } finally {
            zooKeeper.close();
        }
        Path copy = directory.resolve("copy");
        copy(source, copy);
        Path target = directory.resolve("coord");
        ImportReport report = ZooKeeperImport.run(new ImportSettings(source, null, target, true, false));
        LOG.info("{}", report);
        Map<String, String> expected;
        Map<String, String> expectedNext;
        try (ZooKeeperUnderTest again = ZooKeeperUnderTest.start(copy, TICK_MS, NEVER_MS, null)) {
            expected = ServerContent.read(again.port());
            expectedNext = ServerContent.nextSequential(again.port());
        }
        assertThat(report.dropped()).isEmpty();
        assertThat(report.sessions()).isEqualTo(living.size());
        try (EmbeddedServer coord = EmbeddedServer.builder()
                .port(0)
                .dataDir(target)
                .tickTime(Duration.ofMillis(TICK_MS))
                .containerCheckInterval(Duration.ofMillis(NEVER_MS))
                .start()) {
            assertThat(ServerContent.read(coord.port())).hasSizeGreaterThan(50).containsExactlyEntriesOf(expected);
            assertThat(ServerContent.nextSequential(coord.port())).containsExactlyEntriesOf(expectedNext);
            checkSessions(coord.port(), living, report.lastZxid());
        }
    }

    /** Each client comes back with what it was given, and is refused with anything else. */
    private static void checkSessions(int port, List<RawSession> living, long lastZxid) {
        assertThat(living).isNotEmpty();
        for (RawSession each : living) {
            RawSession back = RawSession.reattach(port, each, lastZxid);
            assertThat(back.id()).isEqualTo(each.id());
            Stat stat = back.ok(Operation.create("/mine-" + back.id(), null, Operation.EPHEMERAL))
                                    .error()
                            == 0
                    ? back.ok(Operation.exists("/mine-" + back.id(), false)).into(new Stat())
                    : new Stat();
            assertThat(stat.getEphemeralOwner()).isEqualTo(each.id());
            back.endSession();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }
}
