package io.coord.verification.migration;

import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.jspecify.annotations.Nullable;

/**
 * Random writes of several sessions at once: znodes of all kinds, with ACLs, quotas, transactions that succeed and that fail,
 * sessions that end and sessions that are left behind alive.
 */
final class ZooKeeperWorkload {
    static final String USER = "anna:secret";
    private static final int SESSION_TIMEOUT_MS = 40_000;
    private static final int CLIENTS = 3;
    private static final int DIRECTORIES = 6;
    private static final long SHORT_TTL_MS = 1;
    private static final long LONG_TTL_MS = 3_600_000;

    private final int port;
    private final long seed;
    private final int operations;
    private final Queue<RawSession> leftBehind = new ConcurrentLinkedQueue<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

    ZooKeeperWorkload(int port, long seed, int operations) {
        this.port = port;
        this.seed = seed;
        this.operations = operations;
    }

    /** Sessions without a connection that live, each with ephemerals. */
    List<RawSession> leftBehind() {
        return List.copyOf(leftBehind);
    }

    /** @param whileItRuns called now and then by one of the clients */
    void run(Runnable whileItRuns) throws IOException, InterruptedException, KeeperException {
        ZooKeeper setup = connect();
        for (int i = 0; i < DIRECTORIES; i++) {
            setup.create("/d" + i, bytes(i), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        }
        setQuota(setup, "/d1", "count=100000,bytes=-1=;byteHardLimit=-1;countHardLimit=-1");
        setQuota(setup, "/d2", "count=5,bytes=1000000");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            Thread thread = new Thread(() -> client(number, whileItRuns), "workload-" + i);
            threads.add(thread);
            thread.start();
        }
        for (Thread each : threads) {
            each.join();
        }
        setup.close();
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.peek());
        }
    }

    private static void setQuota(ZooKeeper client, String path, String limits)
            throws InterruptedException, KeeperException {
        String quota = "/zookeeper/quota" + path;
        client.create(quota, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(
                quota + "/zookeeper_limits",
                limits.getBytes(StandardCharsets.UTF_8),
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT);
        client.create(
                quota + "/zookeeper_stats",
                "count=0,bytes=0".getBytes(StandardCharsets.UTF_8),
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT);
    }

    private ZooKeeper connect() throws IOException {
        ZooKeeper client = new ZooKeeper("127.0.0.1:" + port, SESSION_TIMEOUT_MS, event -> {});
        client.addAuthInfo("digest", USER.getBytes(StandardCharsets.UTF_8));
        return client;
    }

    private void client(int number, Runnable whileItRuns) {
        Random random = new Random(seed + number);
        try {
            ZooKeeper client = connect();
            for (int i = 0; i < operations; i++) {
                try {
                    step(client, random, number, i);
                } catch (KeeperException refused) {
                    // A refusal is a transaction too.
                }
                if (number == 0 && i % 50 == 25) {
                    whileItRuns.run();
                }
                if (i % 97 == 96) {
                    client.close();
                    client = connect();
                }
            }
            client.close();
        } catch (IOException | InterruptedException | RuntimeException e) {
            failures.add(e);
        }
    }

    private void step(ZooKeeper client, Random random, int number, int i) throws InterruptedException, KeeperException {
        String directory = "/d" + random.nextInt(DIRECTORIES);
        String path = directory + "/n" + random.nextInt(30);
        byte @Nullable [] data =
                random.nextInt(12) == 0 ? null : new byte[random.nextInt(random.nextInt(20) == 0 ? 3000 : 60)];
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> client.create(path, data, acl(random), CreateMode.PERSISTENT);
            case 3 -> client.create(path + "-e", data, acl(random), CreateMode.EPHEMERAL);
            case 4 -> client.create(directory + "/s-", data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
            case 5 -> client.create(directory + "/es-", data, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
            case 6 -> {
                client.create(path + "-c", data, Ids.OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
                client.create(path + "-c/child", data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
            case 7 -> client.delete(path + "-c/child", -1);
            case 8 ->
                client.create(
                        path + "-t",
                        data,
                        Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT_WITH_TTL,
                        null,
                        random.nextBoolean() ? LONG_TTL_MS : SHORT_TTL_MS);
            case 9 -> client.delete(path, random.nextInt(3) - 1);
            case 10, 11 -> client.setData(path, data, random.nextInt(3) - 1);
            case 12 -> client.setACL(path, acl(random), -1);
            case 13 ->
                client.multi(List.of(
                        Op.check(directory, -1),
                        Op.create(path + "-m", data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                        Op.create(path + "-m/x", data, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL),
                        Op.setData(directory, data, -1)));
            case 14 ->
                client.multi(List.of(
                        Op.create(directory + "/ms-", data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL),
                        Op.delete(path, random.nextInt(2) - 1)));
            default -> session(random, directory, number * operations + i);
        }
    }

    /** One that ends, or one that is left behind alive. */
    private void session(Random random, String directory, int number) {
        RawSession session = RawSession.open(port, SESSION_TIMEOUT_MS);
        session.ok(Operation.create(directory + "/left-" + number, bytes(number), Operation.EPHEMERAL));
        session.ok(Operation.create("/left-", bytes(number), Operation.EPHEMERAL_SEQUENTIAL));
        if (random.nextInt(3) == 0) {
            session.close();
            leftBehind.add(session);
        } else {
            session.endSession();
        }
    }

    /** The stock client asks lists whether they have null in them. */
    private static List<ACL> acl(Random random) {
        Id user = user();
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.asList(new ACL(ZooDefs.Perms.ALL, user));
            case 1 ->
                Arrays.asList(
                        new ACL(ZooDefs.Perms.READ, Ids.ANYONE_ID_UNSAFE),
                        new ACL(ZooDefs.Perms.ALL, user),
                        new ACL(1 + random.nextInt(31), new Id("ip", "10.0.0." + random.nextInt(3))));
            default -> Ids.OPEN_ACL_UNSAFE;
        };
    }

    private static Id user() {
        try {
            return new Id("digest", DigestAuthenticationProvider.generateDigest(USER));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(int value) {
        return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    }
}
