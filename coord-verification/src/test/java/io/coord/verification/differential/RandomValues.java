package io.coord.verification.differential;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.jspecify.annotations.Nullable;

/** Paths, ACLs, data and numbers of a script: few, so that operations meet; mostly legal, some wrong in every way there is. */
final class RandomValues {
    static final List<String> USERS = List.of("ann", "bob", "super");

    private static final String[] NAMES = {"a", "b", "c"};
    private static final String[] WRONG_PATHS = {
        "",
        "noslash",
        "//",
        "/gone/x",
        "/gone//x",
        "/gone/.",
        "/zookeeper",
        "/zookeeper/config",
        "/zookeeper/config/x",
        "/",
        "/bad\u0001",
        "/gone/a\u0000"
    };

    private static final List<Integer> WRONG_FLAGS = List.of(-1, 4, 5, 6, 7, 8, Integer.MIN_VALUE);

    /** Not a negative time with flags of another kind: that stops ZooKeeper for good. */
    private static final List<Long> WRONG_TTLS = List.of(0L, 1L << 40, Long.MAX_VALUE);

    private static final List<Id> IDS = List.of(
            digest("ann"),
            digest("bob"),
            new Id("digest", "ann:hash"),
            new Id("ip", "127.0.0.1"),
            new Id("ip", "127.0.0.0/8"),
            new Id("ip", "10.0.0.0/8"),
            new Id("ip", "0.0.0.0/0"),
            new Id("ip", "::1"),
            new Id("x509", "CN=ann,O=Coord"),
            new Id("sasl", "ann"),
            Ids.ANYONE_ID_UNSAFE);

    private static final List<Id> WRONG_IDS = List.of(
            new Id("nonsense", "x"),
            new Id("super", ""),
            new Id("world", "nobody"),
            new Id("digest", "ann"),
            new Id("ip", "127.0.0.1/33"),
            new Id("x509", "nonsense"),
            new Id("sasl", "a@b@c"));

    final Random random;
    private final String root;

    RandomValues(Random random, String root) {
        this.random = random;
        this.root = root;
    }

    private static Id digest(String user) {
        try {
            return new Id("digest", DigestAuthenticationProvider.generateDigest(user + ":secret"));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    String root() {
        return root;
    }

    List<String> paths() {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> legalPath(3)).toList();
    }

    String path() {
        if (oneIn(40)) {
            return WRONG_PATHS[random.nextInt(WRONG_PATHS.length)];
        }
        String path = legalPath(3);
        return oneIn(60) ? path + "/" : path;
    }

    String legalPath(int depth) {
        StringBuilder path = new StringBuilder(root);
        for (int left = random.nextInt(depth + 1); left > 0; left--) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return path.toString();
    }

    int version() {
        return oneIn(3) ? random.nextInt(4) : -1;
    }

    int flags() {
        return oneIn(25) ? pick(WRONG_FLAGS) : random.nextInt(4);
    }

    int ttlFlags() {
        return oneIn(12) ? random.nextInt(9) : 5 + random.nextInt(2);
    }

    long ttlMs() {
        return oneIn(12) ? pick(WRONG_TTLS) : 1 + random.nextInt(1_000_000);
    }

    byte @Nullable [] data() {
        int length = random.nextInt(12) - 1;
        if (length < 0) {
            return null;
        }
        byte[] data = new byte[length];
        random.nextBytes(data);
        return data;
    }

    @Nullable
    List<ACL> acl() {
        if (!oneIn(5)) {
            return Ids.OPEN_ACL_UNSAFE;
        }
        List<Supplier<@Nullable List<ACL>>> unusual = List.of(
                () -> Ids.CREATOR_ALL_ACL,
                () -> Ids.READ_ACL_UNSAFE,
                () -> List.of(entry(Ids.ANYONE_ID_UNSAFE)),
                () -> List.of(entry(pick(IDS)), new ACL(Perms.ALL, Ids.ANYONE_ID_UNSAFE)),
                () -> List.of(entry(pick(IDS)), entry(pick(IDS))),
                () -> List.of(entry(pick(IDS)), entry(Ids.AUTH_IDS)),
                () -> List.of(new ACL(Perms.ALL, pick(IDS))),
                () -> List.of(new ACL(Perms.ALL, Ids.ANYONE_ID_UNSAFE), new ACL(Perms.ALL, Ids.ANYONE_ID_UNSAFE)),
                List::of,
                () -> null,
                () -> List.of(new ACL(Perms.ALL, Ids.ANYONE_ID_UNSAFE), entry(pick(WRONG_IDS))));
        return pick(unusual).get();
    }

    private ACL entry(Id id) {
        return new ACL(random.nextInt(32), id);
    }

    /** Limits or figures as ZooKeeper writes them; anything else stops a ZooKeeper for good. */
    byte[] quotaText() {
        StatsTrack text = new StatsTrack();
        text.setCount(random.nextInt(10) - 1);
        text.setBytes(random.nextInt(60) - 1);
        if (random.nextBoolean()) {
            text.setCountHardLimit(random.nextInt(10) - 1);
        }
        if (random.nextBoolean()) {
            text.setByteHardLimit(random.nextInt(60) - 1);
        }
        return text.getStatsBytes();
    }
}
