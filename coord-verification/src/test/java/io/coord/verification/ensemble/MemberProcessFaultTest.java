package io.coord.verification.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members in three processes; each of them may die or stand still. */
class MemberProcessFaultTest {
    private static final int ROUNDS = 20;

    @TempDir
    Path directory;

    private MemberProcesses members;
    private final List<String> acknowledged = new ArrayList<>();
    private int next;

    @BeforeEach
    void start() throws Exception {
        members = new MemberProcesses(directory, 3);
        members.startAll();
    }

    @AfterEach
    void end() throws Exception {
        members.closeAll();
    }

    /** Until one is acknowledged. What had no answer may be there as well, under its own name. */
    private void write(ZooKeeper client) throws Exception {
        long deadline = System.nanoTime() + MemberProcesses.DEADLINE.toNanos();
        while (true) {
            String path = "/n" + next++;
            try {
                client.create(path, new byte[100], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                acknowledged.add(path);
                return;
            } catch (KeeperException.ConnectionLossException e) {
                assertThat(System.nanoTime()).as("when a write had to succeed").isLessThan(deadline);
            }
        }
    }

    private void write(ZooKeeper client, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            write(client);
        }
    }

    private void assertNothingIsLost(ZooKeeper client) throws Exception {
        await().atMost(MemberProcesses.DEADLINE).until(() -> sync(client) == KeeperException.Code.OK.intValue());
        for (String each : acknowledged) {
            assertThat(stat(client, each)).as(each).isPresent();
        }
    }

    private static int sync(ZooKeeper client) throws Exception {
        CompletableFuture<Integer> synced = new CompletableFuture<>();
        client.sync("/", (code, path, context) -> synced.complete(code), null);
        return synced.get(60, TimeUnit.SECONDS);
    }

    /** A leader that changes on a busy machine costs connections, too. */
    private static Optional<Stat> stat(ZooKeeper client, String path) throws Exception {
        long deadline = System.nanoTime() + MemberProcesses.DEADLINE.toNanos();
        while (true) {
            try {
                return Optional.ofNullable(client.exists(path, false));
            } catch (KeeperException.ConnectionLossException e) {
                assertThat(System.nanoTime()).as("when a read had to succeed").isLessThan(deadline);
            }
        }
    }

    private static void createEphemeral(ZooKeeper client, String path) {
        await().atMost(MemberProcesses.DEADLINE)
                .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                .until(() -> {
                    try {
                        client.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
                    } catch (KeeperException.NodeExistsException e) {
                        // Its first attempt lost only the answer.
                        return true;
                    }
                    return true;
                });
    }

    @Test
    void aKilledLeaderCostsNoSessionAndNoAcknowledgedWrite() throws Exception {
        int leader = members.leader();
        ZooKeeper client = members.client(members.ids());
        long session = client.getSessionId();
        createEphemeral(client, "/alive");
        write(client, 100);

        members.kill(leader);
        write(client, 100);
        members.start(leader);
        members.awaitServing(leader);

        assertThat(client.getSessionId()).isEqualTo(session);
        assertThat(stat(client, "/alive").map(Stat::getEphemeralOwner)).contains(session);
        for (int each : members.ids()) {
            assertNothingIsLost(members.client(List.of(each)));
        }
    }

    @Test
    void aLeaderThatStoodStillLeadsNoMoreAndHasWhatWasWrittenMeanwhile() throws Exception {
        int leader = members.leader();
        ZooKeeper client = members.client(members.allBut(leader));
        write(client, 50);

        members.signal(leader, "STOP");
        write(client, 50);
        members.signal(leader, "CONT");

        ZooKeeper there = members.client(List.of(leader));
        assertNothingIsLost(there);
        write(there, 10);
        assertNothingIsLost(client);
    }

    @Test
    @Tag("soak")
    @SuppressWarnings("SystemOut")
    void theLeaderIsKilledTwentyTimes() throws Exception {
        List<Duration> outages = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            int leader = members.leader();
            ZooKeeper client = members.client(List.of(members.allBut(leader).get(0)));
            long session = client.getSessionId();
            write(client, 100);
            long before = System.nanoTime();
            members.kill(leader);
            write(client);
            outages.add(Duration.ofNanos(System.nanoTime() - before));
            assertThat(client.getSessionId()).isEqualTo(session);
            members.start(leader);
            members.awaitServing(leader);
            assertNothingIsLost(members.client(List.of(leader)));
            client.close();
        }
        Collections.sort(outages);
        System.out.println("kill -9 of the leader to the next acknowledged write through a survivor, ms: median "
                + outages.get(ROUNDS / 2).toMillis() + ", "
                + outages.stream().map(Duration::toMillis).toList());
    }
}
