package io.coord.verification.durability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.verification.server.ServerProcess;
import io.coord.verification.server.ServerUnderTest.Implementation;
import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our server, killed with {@code kill -9} at random moments while it writes and started again on the same directory. {@code
 * -Dcoord.durability.kills} says how often, {@code -Dcoord.durability.seed} when.
 */
class KillFaultTest {
    private static final Logger LOG = LoggerFactory.getLogger(KillFaultTest.class);
    private static final int KILLS = Integer.getInteger("coord.durability.kills", 5);
    private static final long SEED = Long.getLong("coord.durability.seed", System.nanoTime());
    private static final int WRITERS = 2;
    private static final int MOST_WRITES_BEFORE_A_KILL = 2_500;
    private static final int TICK_MS = 2_000;
    /** Each life writes several segments and several snapshots. */
    private static final List<String> JVM = List.of(
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-Dcoord.test.logSegmentBytes=16384",
            "-Dcoord.test.snapshotAfterWrites=300");

    @TempDir
    Path directory;

    private final AtomicLong acknowledged = new AtomicLong();
    private final List<AcknowledgedWrites> writers = new ArrayList<>();
    private final Set<String> abandonedEphemerals = new HashSet<>();
    private long checkedPaths;
    private long checkedSessions;
    private long newestSnapshot;
    private int livesWithASnapshot;

    @Test
    void nothingAcknowledgedIsLostAndSessionsGoOn() throws InterruptedException, IOException {
        Random random = new Random(SEED);
        RawSession keeper = null;
        ServerProcess server = start();
        try {
            for (int kill = 1; kill <= KILLS; kill++) {
                keeper = keeper == null ? openKeeper(server) : comeBack(server, keeper);
                leaveEphemeralBehind(server, kill);
                List<Thread> threads = startWriters(server);
                AcknowledgedSessions sessions =
                        new AcknowledgedSessions(server.port(), "/session-" + kill + "-", acknowledged);
                threads.add(new Thread(sessions, "sessions"));
                threads.get(threads.size() - 1).start();
                long target = acknowledged.get() + random.nextInt(MOST_WRITES_BEFORE_A_KILL);
                await().pollInterval(Duration.ofMillis(1))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> acknowledged.get() >= target);
                server.kill();
                for (Thread thread : threads) {
                    thread.join();
                }
                noteSnapshots();
                server = start();
                for (AcknowledgedWrites writer : writers) {
                    check(server, writer);
                }
                check(server, sessions);
            }
            keeper = comeBack(server, keeper);
            checkThatAbandonedSessionsExpire(keeper);
        } finally {
            server.close();
        }
        LOG.info(
                "{} kills, {} writes acknowledged, {} paths and {} sessions checked, a new snapshot in {} lives, nothing lost "
                        + "(seed {})",
                KILLS,
                acknowledged,
                checkedPaths,
                checkedSessions,
                livesWithASnapshot,
                SEED);
        assertThat(livesWithASnapshot).isGreaterThanOrEqualTo(KILLS / 2);
    }

    private ServerProcess start() {
        return ServerProcess.start(Implementation.COORD, directory, TICK_MS, true, List.of(), JVM);
    }

    private void noteSnapshots() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            long newest = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".snap"))
                    .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", "")))
                    .max()
                    .orElse(0);
            livesWithASnapshot += newest > newestSnapshot ? 1 : 0;
            newestSnapshot = newest;
        }
    }

    /** A session outlives the server unless its end was acknowledged, and an ephemeral its session never. */
    private void check(ServerProcess server, AcknowledgedSessions sessions) {
        try (RawSession reader = RawSession.open(server.port())) {
            sessions.living().forEach((path, session) -> {
                Stat stat = reader.ok(Operation.exists(path, false)).into(new Stat());
                assertThat(stat.getEphemeralOwner()).as(path).isEqualTo(session.id());
                RawSession back = RawSession.reattach(server.port(), session, 0);
                assertThat(back.id()).as(path).isEqualTo(session.id());
                back.endSession();
            });
            for (String path : sessions.ended()) {
                assertThat(reader.call(Operation.exists(path, false)).error())
                        .as(path)
                        .isEqualTo(Code.NONODE.intValue());
            }
            checkedSessions += sessions.living().size() + sessions.ended().size();
            reader.endSession();
        }
    }

    private static RawSession openKeeper(ServerProcess server) {
        RawSession keeper = RawSession.open(server.port());
        keeper.ok(Operation.create("/kept", null, Operation.EPHEMERAL));
        return keeper;
    }

    private static RawSession comeBack(ServerProcess server, RawSession keeper) {
        RawSession back = RawSession.reattach(server.port(), keeper, 0);
        assertThat(back.id()).as("the session outlives the process").isEqualTo(keeper.id());
        Stat stat = back.ok(Operation.exists("/kept", false)).into(new Stat());
        assertThat(stat.getEphemeralOwner()).isEqualTo(keeper.id());
        return back;
    }

    private void leaveEphemeralBehind(ServerProcess server, int kill) {
        RawSession abandoned = RawSession.open(server.port());
        String path = "/abandoned-" + kill;
        abandoned.ok(Operation.create(path, null, Operation.EPHEMERAL));
        abandonedEphemerals.add(path);
        abandoned.close();
    }

    private List<Thread> startWriters(ServerProcess server) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            RawSession session = RawSession.open(server.port());
            if (writers.size() <= i) {
                writers.add(new AcknowledgedWrites("/writer-" + i, session, acknowledged));
            } else {
                writers.get(i).goOnWith(session);
            }
            Thread thread = new Thread(writers.get(i), "writer-" + i);
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private void check(ServerProcess server, AcknowledgedWrites writer) {
        try (RawSession reader = RawSession.open(server.port())) {
            Frame reply = reader.ok(Operation.getData(writer.root(), false));
            assertThat(reply.zxid()).as("no zxid is given twice").isGreaterThanOrEqualTo(writer.lastZxid());
            String value = new String(reply.into(new GetDataResponse()).getData(), StandardCharsets.UTF_8);
            assertThat(Long.parseLong(value)).isBetween(writer.lastAcknowledgedValue(), writer.lastValueSent());

            Set<String> there = new HashSet<>();
            for (String name : reader.ok(Operation.getChildren(writer.root(), false))
                    .into(new GetChildrenResponse())
                    .getChildren()) {
                there.add(writer.root() + "/" + name);
            }
            Set<String> lost = new HashSet<>(writer.created());
            lost.removeAll(there);
            assertThat(lost).as("acknowledged creates that are gone").isEmpty();
            Set<String> risen = new HashSet<>(writer.deleted());
            risen.retainAll(there);
            assertThat(risen).as("acknowledged deletes that are back").isEmpty();
            Set<String> invented = new HashSet<>(there);
            invented.removeAll(writer.created());
            invented.removeAll(writer.unknown());
            assertThat(invented).as("what nobody wrote").isEmpty();
            assertThat(there.stream().filter(path -> path.endsWith("-a") && !there.contains(twin(path))))
                    .as("halves of a multi")
                    .isEmpty();
            assertThat(there.stream().filter(path -> path.endsWith("-b") && !there.contains(twin(path))))
                    .as("halves of a multi")
                    .isEmpty();
            checkSomeValues(reader, writer);
            checkedPaths += there.size() + writer.deleted().size();
            reader.endSession();
        }
    }

    private static String twin(String path) {
        String stem = path.substring(0, path.length() - 1);
        return stem + (path.endsWith("a") ? "b" : "a");
    }

    private static void checkSomeValues(RawSession reader, AcknowledgedWrites writer) {
        writer.created().stream().limit(200).forEach(path -> {
            String number = path.substring(writer.root().length() + 1).replaceAll("-.", "");
            byte[] data = reader.ok(Operation.getData(path, false))
                    .into(new GetDataResponse())
                    .getData();
            assertThat(data).asString(StandardCharsets.UTF_8).isEqualTo(number);
        });
    }

    private void checkThatAbandonedSessionsExpire(RawSession keeper) {
        for (String path : abandonedEphemerals) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> keeper.call(Operation.exists(path, false)).error() == Code.NONODE.intValue());
        }
        assertThat(keeper.ok(Operation.exists("/kept", false)).error()).isZero();
        keeper.endSession();
    }
}
