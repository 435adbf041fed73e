package io.coord.verification.differential;

import io.coord.verification.wire.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.jspecify.annotations.Nullable;

/** Makes up random steps on a small tree, so that operations meet; mostly legal ones, some wrong in every way there is. */
final class Script {
    static final int SESSIONS = 3;
    static final List<String> USERS = List.of("ann", "bob");

    private static final String[] NAMES = {"a", "b", "c"};
    private static final String[] WRONG_PATHS = {
        "", "noslash", "//", "/gone/x", "/gone//x", "/gone/.", "/zookeeper", "/", "/bad\u0001", "/gone/a\u0000"
    };

    private static final List<Integer> WRONG_FLAGS = List.of(-1, 4, 5, 6, 7, 8, Integer.MIN_VALUE);

    /** Not a negative time with flags of another kind: that stops ZooKeeper for good. */
    private static final List<Long> WRONG_TTLS = List.of(0L, 1L << 40, Long.MAX_VALUE);

    private final Random random;
    private final String root;
    private final boolean[] cut = new boolean[SESSIONS];

    private Script(long seed, String root) {
        this.random = new Random(seed);
        this.root = root;
    }

    static List<Step> generate(long seed, String root, int steps) {
        Script script = new Script(seed, root);
        return IntStream.range(0, steps).mapToObj(i -> script.next()).toList();
    }

    private Step next() {
        int session = random.nextInt(SESSIONS);
        if (cut[session]) {
            cut[session] = false;
            return new Step.ComeBack(session, random.nextBoolean(), paths(), paths(), paths());
        }
        int die = random.nextInt(200);
        if (die < 2) {
            return new Step.Renew(session);
        }
        if (die < 5) {
            cut[session] = true;
            return new Step.Cut(session);
        }
        if (die < 9) {
            return new Step.Authenticate(session, pick(USERS));
        }
        int count = random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 1;
        List<Operation> operations = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Operation operation = operation(texts);
            operations.add(operation);
            if (operation.code() == OpCode.setACL) {
                // ZooKeeper judges writes that it has already read by the ACL from before; ours by the new one.
                break;
            }
        }
        return new Step.Send(session, operations, String.join(" | ", texts));
    }

    private Operation operation(List<String> texts) {
        int die = random.nextInt(115);
        String path = path();
        if (die >= 100) {
            return lesserOperation(die - 100, path, texts);
        }
        if (die < 24) {
            return create(path, texts);
        }
        if (die < 34) {
            int version = version();
            return note(texts, "delete " + path + " v" + version, Operation.delete(path, version));
        }
        if (die < 46) {
            int version = version();
            byte[] data = data();
            return note(texts, "setData " + path + " v" + version, Operation.setData(path, data, version));
        }
        boolean watch = random.nextInt(3) == 0;
        String w = watch ? " and watch" : "";
        if (die < 53) {
            return note(texts, "exists " + path + w, Operation.exists(path, watch));
        }
        if (die < 60) {
            return note(texts, "getData " + path + w, Operation.getData(path, watch));
        }
        if (die < 65) {
            return note(texts, "getChildren " + path + w, Operation.getChildren(path, watch));
        }
        if (die < 70) {
            return note(texts, "getChildren2 " + path + w, Operation.getChildren2(path, watch));
        }
        if (die < 74) {
            return note(texts, "getACL " + path, Operation.getAcl(path));
        }
        if (die < 78) {
            int version = version();
            List<ACL> acl = acl();
            if (path.equals("/")) {
                // The next script needs it.
                path = root;
            }
            return note(texts, "setACL " + path + " " + acl + " v" + version, Operation.setAcl(path, acl, version));
        }
        if (die < 88) {
            return multi(texts);
        }
        if (die < 92) {
            int mode = random.nextInt(20) == 0 ? 2 : random.nextInt(2);
            return note(texts, "addWatch " + path + " mode " + mode, Operation.addWatch(path, mode));
        }
        if (die < 96) {
            int type = 1 + random.nextInt(random.nextInt(10) == 0 ? 7 : 5);
            return note(texts, "removeWatches " + path + " type " + type, Operation.removeWatches(path, type));
        }
        return note(texts, "sync " + path, Operation.sync(path));
    }

    private Operation lesserOperation(int die, String path, List<String> texts) {
        return switch (die) {
            case 0, 1, 2, 3, 4, 5 -> multiRead(texts);
            // Of the empty path ZooKeeper counts the root, too.
            case 6, 7, 8 ->
                note(
                        texts,
                        "getAllChildrenNumber " + path,
                        Operation.getAllChildrenNumber(path.isEmpty() ? root : path));
            case 9, 10, 11 -> {
                int type = 1 + random.nextInt(random.nextInt(10) == 0 ? 7 : 5);
                yield note(texts, "checkWatches " + path + " type " + type, Operation.checkWatches(path, type));
            }
            case 12 -> {
                // Of all paths, ephemerals of earlier scripts are none: their sessions have ended.
                @Nullable String prefix = pick(Arrays.asList(null, "", " ", "/", path, root + "/a"));
                yield note(texts, "getEphemerals " + prefix, Operation.getEphemerals(prefix));
            }
            case 13 -> note(texts, "getEphemerals " + path, Operation.getEphemerals(path));
            default -> note(texts, "whoAmI", Operation.whoAmI());
        };
    }

    private Operation multiRead(List<String> texts) {
        List<Op> ops = new ArrayList<>();
        List<String> each = new ArrayList<>();
        for (int count = random.nextInt(5); count > 0; count--) {
            String path = path();
            boolean data = random.nextBoolean();
            ops.add(data ? Op.getData(path) : Op.getChildren(path));
            each.add((data ? "getData " : "getChildren ") + path);
        }
        return note(texts, "multiRead " + each, Operation.multiRead(ops));
    }

    private int ttlFlags() {
        return random.nextInt(12) == 0 ? random.nextInt(9) : 5 + random.nextInt(2);
    }

    private long ttlMs() {
        return random.nextInt(12) == 0 ? pick(WRONG_TTLS) : 1 + random.nextInt(1_000_000);
    }

    private Operation create(String path, List<String> texts) {
        int flags = random.nextInt(25) == 0 ? pick(WRONG_FLAGS) : random.nextInt(4);
        List<ACL> acl = acl();
        byte[] data = data();
        return switch (random.nextInt(9)) {
            case 0, 1, 2 ->
                note(
                        texts,
                        "create2 " + path + " flags " + flags + " " + acl,
                        new Operation(
                                15, Operation.create(path, data, acl, flags).body()));
            case 3 -> note(texts, "createContainer " + path, Operation.createContainer(path));
            case 4 -> {
                int ttlFlags = ttlFlags();
                long ttlMs = ttlMs();
                yield note(
                        texts,
                        "createTTL " + path + " flags " + ttlFlags + " ttl " + ttlMs + " " + acl,
                        Operation.of(OpCode.createTTL, new CreateTTLRequest(path, data, acl, ttlFlags, ttlMs)));
            }
            default ->
                note(texts, "create " + path + " flags " + flags + " " + acl, Operation.create(path, data, acl, flags));
        };
    }

    private Operation multi(List<String> texts) {
        List<Op> ops = new ArrayList<>();
        List<String> each = new ArrayList<>();
        for (int count = random.nextInt(5); count >= 0; count--) {
            String path = path();
            int version = version();
            switch (random.nextInt(6)) {
                case 5 -> {
                    int flags = 5 + random.nextInt(2);
                    long ttlMs = ttlMs();
                    ops.add(Op.create(path, data(), acl(), flags, ttlMs));
                    each.add("createTTL " + path + " flags " + flags + " ttl " + ttlMs);
                }
                case 0, 1 -> {
                    int flags = random.nextInt(20) == 0 ? pick(WRONG_FLAGS) : random.nextInt(4);
                    ops.add(Op.create(path, data(), acl(), flags));
                    each.add("create " + path + " flags " + flags);
                }
                case 2 -> {
                    ops.add(Op.delete(path, version));
                    each.add("delete " + path + " v" + version);
                }
                case 3 -> {
                    ops.add(Op.setData(path, data(), version));
                    each.add("setData " + path + " v" + version);
                }
                default -> {
                    ops.add(Op.check(path, version));
                    each.add("check " + path + " v" + version);
                }
            }
        }
        return note(texts, "multi " + each, Operation.multi(ops));
    }

    private List<String> paths() {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> legalPath()).toList();
    }

    private String path() {
        if (random.nextInt(40) == 0) {
            return WRONG_PATHS[random.nextInt(WRONG_PATHS.length)];
        }
        String path = legalPath();
        return random.nextInt(60) == 0 ? path + "/" : path;
    }

    private String legalPath() {
        StringBuilder path = new StringBuilder(root);
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return path.toString();
    }

    private int version() {
        return random.nextInt(3) == 0 ? random.nextInt(4) : -1;
    }

    private byte @Nullable [] data() {
        int length = random.nextInt(12) - 1;
        if (length < 0) {
            return null;
        }
        byte[] data = new byte[length];
        random.nextBytes(data);
        return data;
    }

    private @Nullable List<ACL> acl() {
        List<Supplier<@Nullable List<ACL>>> unusual = List.of(
                () -> Ids.CREATOR_ALL_ACL,
                () -> Ids.READ_ACL_UNSAFE,
                () -> List.of(new ACL(random.nextInt(32), Ids.ANYONE_ID_UNSAFE)),
                () -> List.of(
                        new ACL(random.nextInt(32), new Id("digest", pick(USERS) + ":hash")),
                        new ACL(Perms.ALL, Ids.ANYONE_ID_UNSAFE)),
                () -> List.of(new ACL(Perms.ALL, new Id("ip", "127.0.0.1"))),
                () -> List.of(new ACL(Perms.ALL, Ids.ANYONE_ID_UNSAFE), new ACL(Perms.ALL, Ids.ANYONE_ID_UNSAFE)),
                List::of,
                () -> null,
                () -> List.of(new ACL(Perms.ALL, new Id("nonsense", "x"))));
        return random.nextInt(6) == 0 ? pick(unusual).get() : Ids.OPEN_ACL_UNSAFE;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static Operation note(List<String> texts, String text, Operation operation) {
        texts.add(text);
        return operation;
    }
}
