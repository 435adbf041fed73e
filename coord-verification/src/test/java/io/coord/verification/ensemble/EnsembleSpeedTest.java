package io.coord.verification.ensemble;

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
    private static final int[] OUTSTANDING = {1, 16, 256};
    private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(2);

    @TempDir
    Path directory;

    @Test
    @SuppressWarnings("SystemOut")
    void writesOf100BytesThroughLeaderAndFollower() throws Exception {
        Map<String, MemberProcesses> ensembles = new LinkedHashMap<>();
        ensembles.put("ZooKeeper", new MemberProcesses(directory.resolve("zk"), 3, QuorumPeerMain.class, 100_000));
        ensembles.put("Coord", new MemberProcesses(directory.resolve("coord"), 3, MemberMain.class, 100_000));
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
