package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Followers, the way to whose leader breaks, or whose leader goes away, as stock clients see it. */
class ForwardedWritesTest {
    private static final int IN_FLIGHT = 40;

    private static final int SHORT_TIMEOUT_MS = 3_000;

    @TempDir
    static Path directory;

    private static Members members;

    @BeforeAll
    static void start() throws Exception {
        // Nobody gives up looking for a leader within a test, however busy the machine is.
        members = new Members(directory.resolve("all"), 3, 0, 100_000)
                .withRelays()
                .withSessions(Duration.ofSeconds(30), Duration.ofSeconds(25));
        members.startAll();
    }

    @AfterAll
    static void closeAll() throws Exception {
        members.closeAll();
    }

    @AfterEach
    void startAgain() {
        members.ids().stream()
                .filter(each -> !members.running().contains(each))
                .toList()
                .forEach(members::start);
        members.awaitServing(members.ids());
    }

    private static void sync(ZooKeeper client) throws Exception {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        client.sync("/", (code, path, context) -> done.complete(code), null);
        Code code = Code.get(done.get(60, TimeUnit.SECONDS));
        if (code != Code.OK) {
            throw KeeperException.create(code);
        }
    }

    /** Creates numbered znodes as fast as answers come, and notes what became of each. */
    private static final class Writer {
        private final ZooKeeper client;
        private final Semaphore permits = new Semaphore(IN_FLIGHT);
        private final Map<Integer, Code> fates = new ConcurrentHashMap<>();
        private int next;

        Writer(ZooKeeper client) {
            this.client = client;
        }

        void writeOne() throws InterruptedException {
            assertThat(permits.tryAcquire(60, TimeUnit.SECONDS)).as("an answer").isTrue();
            int number = next++;
            client.create(
                    "/fates/" + number + '-',
                    new byte[0],
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT_SEQUENTIAL,
                    (code, path, context, name) -> {
                        fates.put(number, Code.get(code));
                        permits.release();
                    },
                    null);
        }

        void awaitAll() throws InterruptedException {
            assertThat(permits.tryAcquire(IN_FLIGHT, 60, TimeUnit.SECONDS))
                    .as("all answers")
                    .isTrue();
        }
    }

    @Test
    void writesOutliveTheWayToTheLeaderAndTheLeaderAndHappenOnceInTheirOrder() throws Exception {
        int leader = members.leader();
        int follower = members.follower();
        ZooKeeper client = members.client(follower);
        client.create("/fates", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        Writer writer = new Writer(client);

        for (int drops = 0; drops < 20; drops++) {
            for (int i = 0; i < IN_FLIGHT; i++) {
                writer.writeOne();
            }
            // What is on its way to the leader may have arrived there, and its commit may be on its way back.
            members.relay(leader).drop();
        }
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> members.stop(leader));
        for (int i = 0; i < 5 * IN_FLIGHT || !stopped.isDone(); i++) {
            writer.writeOne();
        }
        stopped.get(60, TimeUnit.SECONDS);
        writer.awaitAll();

        assertThat(writer.fates.values()).containsOnly(Code.OK);
        List<String> names = new ArrayList<>(client.getChildren("/fates", false));
        names.sort(Comparator.comparing(each -> each.substring(each.indexOf('-'))));
        assertThat(names.stream().map(each -> Integer.valueOf(each.substring(0, each.indexOf('-')))))
                .containsExactlyElementsOf(
                        IntStream.range(0, writer.next).boxed().toList());
    }

    @Test
    void syncShowsAllThatWasAcknowledgedBeforeItAlsoAcrossAChangeOfLeader() throws Exception {
        int leader = members.leader();
        int follower = members.follower();
        ZooKeeper reader = members.client(follower);
        ZooKeeper writer = members.client(
                members.ids().stream().filter(each -> each != follower).toList());
        writer.create("/value", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);

        CompletableFuture<Void> stopped = null;
        int acknowledged = 0;
        int looks = 0;
        int looksAfter = 0;
        while (looksAfter < 50) {
            if (looks == 50) {
                stopped = CompletableFuture.runAsync(() -> members.stop(leader));
            }
            try {
                acknowledged = Math.max(
                        acknowledged, writer.setData("/value", new byte[0], -1).getVersion());
            } catch (KeeperException.ConnectionLossException e) {
                // It may have happened: then a look may show more than is known of.
                await().atMost(Members.DEADLINE).until(() -> writer.getState().isConnected());
            }
            try {
                sync(reader);
                assertThat(reader.exists("/value", false).getVersion()).isGreaterThanOrEqualTo(acknowledged);
                looks++;
                if (stopped != null && stopped.isDone()) {
                    looksAfter++;
                }
            } catch (KeeperException.ConnectionLossException e) {
                // It promised nothing.
                await().atMost(Members.DEADLINE).until(() -> reader.getState().isConnected());
            }
        }
        assertThat(acknowledged).isGreaterThan(90);
    }

    @Test
    void aSessionLivesByItsFollowersWordAndExpiresWhenItsClientFallsSilent() throws Exception {
        Members strict = new Members(directory.resolve("strict"), 3, 0, 100_000)
                .withSessions(Duration.ofMillis(SHORT_TIMEOUT_MS), Duration.ofSeconds(2));
        strict.startAll();
        int follower = strict.follower();
        ZooKeeper witness = strict.client(strict.leader());
        ZooKeeper living = new ZooKeeper(strict.server(follower).connectString(), SHORT_TIMEOUT_MS, event -> {});
        Relay relay = new Relay(strict.server(follower).port());
        ZooKeeper silent = new ZooKeeper("127.0.0.1:" + relay.port(), SHORT_TIMEOUT_MS, event -> {});
        try {
            await().atMost(Members.DEADLINE)
                    .until(() ->
                            living.getState().isConnected() && silent.getState().isConnected());
            assertThat(silent.getSessionTimeout()).isEqualTo(SHORT_TIMEOUT_MS);
            living.create("/living", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            silent.create("/silent", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            long session = living.getSessionId();

            relay.close();
            await().atMost(Members.DEADLINE).until(() -> witness.exists("/silent", false) == null);

            // For as long as that took this one has only pinged its follower.
            sync(witness);
            assertThat(witness.exists("/living", false)).isNotNull();
            assertThat(witness.exists("/living", false).getEphemeralOwner()).isEqualTo(session);
            assertThat(living.getState().isConnected()).isTrue();
        } finally {
            relay.close();
            living.close(1_000);
            silent.close(1_000);
            strict.closeAll();
        }
    }
}
