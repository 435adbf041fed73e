package io.coord.verification.ensemble;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members of ours and three of ZooKeeper, measured in turns with the same client. Prints figures, and asserts nothing. */
@Tag("soak")
class EnsembleSpeedTest {
    private static final int ROUNDS = 3;
    private static final int KILLS = 20;
    private static final int[] OUTSTANDING = {1, 16, 256};
    private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(2);

    @TempDir
    Path directory;

    @Test
    @SuppressWarnings("SystemOut")
    void writesOf100BytesThroughLeaderAndFollower() throws Exception {
        Map<String, MemberProcesses> ensembles = ensembles();
        Map<String, List<Long>> perSecond = new LinkedHashMap<>();
        try {
            for (MemberProcesses each : ensembles.values()) {
                each.startAll();
            }
            // The first round only warms up.
            for (int round = 0; round <= ROUNDS; round++) {
                for (Map.Entry<String, MemberProcesses> each : ensembles.entrySet()) {
                    measure(each.getKey(), each.getValue(), round == 0 ? new LinkedHashMap<>() : perSecond);
                }
            }
        } finally {
            for (MemberProcesses each : ensembles.values()) {
                each.closeAll();
            }
        }
        perSecond.forEach((what, figures) -> {
            Collections.sort(figures);
            System.out.println("writes/s, " + what + ": median " + figures.get(figures.size() / 2) + " of " + figures);
        });
    }

    private Map<String, MemberProcesses> ensembles() throws IOException {
        Map<String, MemberProcesses> ensembles = new LinkedHashMap<>();
        ensembles.put("ZooKeeper", new MemberProcesses(directory.resolve("zk"), 3, QuorumPeerMain.class, 100_000));
        ensembles.put("Coord", new MemberProcesses(directory.resolve("coord"), 3, MemberMain.class, 100_000));
        return ensembles;
    }

    /** From {@code kill -9} of the leader to the next write that a client of the survivors has acknowledged, at default settings. */
    @Test
    @SuppressWarnings("SystemOut")
    void theLeaderIsKilled() throws Exception {
        Map<String, MemberProcesses> ensembles = ensembles();
        Map<String, List<Long>> outages = new LinkedHashMap<>();
        Map<String, Integer> losses = new LinkedHashMap<>();
        try {
            for (int round = 0; round < KILLS; round++) {
                for (Map.Entry<String, MemberProcesses> each : ensembles.entrySet()) {
                    // The other one's processes take no time meanwhile.
                    each.getValue().startAll();
                    int lost =
                            outage(each.getValue(), outages.computeIfAbsent(each.getKey(), key -> new ArrayList<>()));
                    losses.merge(each.getKey(), lost, Integer::sum);
                    each.getValue().closeAll();
                }
            }
        } finally {
            for (MemberProcesses each : ensembles.values()) {
                each.closeAll();
            }
        }
        outages.forEach((what, ms) -> {
            Collections.sort(ms);
            System.out.println("kill -9 of the leader to the next acknowledged write, ms, " + what + ": median "
                    + ms.get(ms.size() / 2) + " of " + ms + "; " + losses.get(what) + " connections lost");
        });
    }

    private static int outage(MemberProcesses members, List<Long> outages) throws Exception {
        int leader = members.leader();
        ZooKeeper client = members.client(members.allBut(leader));
        for (int i = 0; i < 100; i++) {
            client.create("/w", new byte[100], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        }
        long before = System.nanoTime();
        members.kill(leader);
        for (int lost = 0; ; lost++) {
            try {
                client.create("/w", new byte[100], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
                outages.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before));
                return lost;
            } catch (KeeperException.ConnectionLossException e) {
                if (System.nanoTime() - before > MemberProcesses.DEADLINE.toNanos()) {
                    throw e;
                }
            }
        }
    }

    private static void measure(String name, MemberProcesses members, Map<String, List<Long>> perSecond)
            throws Exception {
        int leader = members.leader();
        for (String through : List.of("leader", "follower")) {
            int target =
                    through.equals("leader") ? leader : members.allBut(leader).get(0);
            for (int outstanding : OUTSTANDING) {
                ZooKeeper client = members.client(List.of(target));
                perSecond
                        .computeIfAbsent(
                                "K=" + outstanding + " through the " + through + ", " + name, key -> new ArrayList<>())
                        .add(writesPerSecond(client, outstanding));
                client.close();
            }
        }
    }

    private static long writesPerSecond(ZooKeeper client, int outstanding) throws Exception {
        String path = client.create("/n", new byte[100], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        Semaphore free = new Semaphore(outstanding);
        AtomicLong done = new AtomicLong();
        AtomicInteger failed = new AtomicInteger();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < SPAN_NANOS) {
            free.acquire();
            client.setData(
                    path,
                    new byte[100],
                    -1,
                    (code, changed, context, stat) -> {
                        if (code == 0) {
                            done.incrementAndGet();
                        } else {
                            failed.incrementAndGet();
                        }
                        free.release();
                    },
                    null);
        }
        free.acquire(outstanding);
        long nanos = System.nanoTime() - begin;
        if (failed.get() > 0) {
            throw new AssertionError(failed + " writes failed");
        }
        return done.get() * TimeUnit.SECONDS.toNanos(1) / nanos;
    }
}
