package io.coord.verification.differential;

import io.coord.verification.wire.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.jute.Record;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.ReconfigRequest;
import org.apache.zookeeper.proto.SetACLRequest;
import org.jspecify.annotations.Nullable;

/** Makes up the operations of one session's turn, and says what they are. */
final class RandomOperations {
    private static final Set<Integer> CHANGES = Set.of(
            OpCode.create,
            OpCode.create2,
            OpCode.createContainer,
            OpCode.createTTL,
            OpCode.delete,
            OpCode.setData,
            OpCode.multi);

    private final RandomValues values;
    private final boolean quotas;
    private final List<Operation> operations = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    /**
     * @param quotas whether there are quotas: then at most one change in a turn, since ZooKeeper looks at figures that do not have
     *     those before it
     */
    RandomOperations(RandomValues values, boolean quotas) {
        this.values = values;
        this.quotas = quotas;
    }

    Step.Send send(int session) {
        operations.clear();
        texts.clear();
        if (quotas && values.oneIn(8)) {
            addQuotaOperations();
        } else {
            int count = values.oneIn(4) ? 1 + values.random.nextInt(6) : 1;
            while (operations.size() < count && !endsTheTurn()) {
                addOperation();
            }
        }
        return new Step.Send(session, List.copyOf(operations), String.join(" | ", texts));
    }

    /** ZooKeeper judges writes that it has already read by the ACL from before; ours by the new one. */
    private boolean endsTheTurn() {
        return operations.stream()
                .anyMatch(each -> each.code() == OpCode.setACL || (quotas && CHANGES.contains(each.code())));
    }

    private void add(String text, Operation operation) {
        texts.add(text);
        operations.add(operation);
    }

    private void addOperation() {
        String path = values.path();
        int die = values.random.nextInt(116);
        if (die < 24) {
            addCreate(path);
        } else if (die < 34) {
            int version = values.version();
            add("delete " + path + " v" + version, Operation.delete(path, version));
        } else if (die < 46) {
            int version = values.version();
            add("setData " + path + " v" + version, Operation.setData(path, values.data(), version));
        } else if (die < 74) {
            addRead(die - 46, path);
        } else if (die < 78) {
            addSetAcl(path);
        } else if (die < 88) {
            addMulti();
        } else if (die < 92) {
            int mode = values.oneIn(20) ? 2 : values.random.nextInt(2);
            add("addWatch " + path + " mode " + mode, Operation.addWatch(path, mode));
        } else if (die < 96) {
            int type = watcherType();
            add("removeWatches " + path + " type " + type, Operation.removeWatches(path, type));
        } else if (die < 100) {
            add("sync " + path, Operation.sync(path));
        } else {
            addLesserOperation(die - 100, path);
        }
    }

    private void addRead(int die, String path) {
        boolean watch = values.oneIn(3);
        String w = watch ? " and watch" : "";
        if (die < 7) {
            add("exists " + path + w, Operation.exists(path, watch));
        } else if (die < 14) {
            add("getData " + path + w, Operation.getData(path, watch));
        } else if (die < 19) {
            add("getChildren " + path + w, Operation.getChildren(path, watch));
        } else if (die < 24) {
            add("getChildren2 " + path + w, Operation.getChildren2(path, watch));
        } else {
            add("getACL " + path, Operation.getAcl(path));
        }
    }

    private int watcherType() {
        return 1 + values.random.nextInt(values.oneIn(10) ? 7 : 5);
    }

    private void addSetAcl(String path) {
        int version = values.version();
        List<ACL> acl = values.acl();
        // The next script needs the others.
        String own = path.startsWith(values.root()) || path.startsWith("/gone") ? path : values.root();
        add("setACL " + own + " " + acl + " v" + version, Operation.setAcl(own, acl, version));
    }

    private void addLesserOperation(int die, String path) {
        switch (die) {
            case 0, 1, 2, 3, 4, 5 -> addMultiRead();
            // Of the empty path ZooKeeper counts the root, too.
            case 6, 7, 8 ->
                add(
                        "getAllChildrenNumber " + path,
                        Operation.getAllChildrenNumber(path.isEmpty() ? values.root() : path));
            case 9, 10, 11 -> {
                int type = watcherType();
                add("checkWatches " + path + " type " + type, Operation.checkWatches(path, type));
            }
            case 12 -> {
                // Of all paths, ephemerals of earlier scripts are none: their sessions have ended.
                @Nullable String prefix = values.pick(Arrays.asList(null, "", " ", "/", path, values.root() + "/a"));
                add("getEphemerals " + prefix, Operation.getEphemerals(prefix));
            }
            case 13 -> add("getEphemerals " + path, Operation.getEphemerals(path));
            case 14 ->
                add("reconfig", Operation.of(OpCode.reconfig, new ReconfigRequest("server.2=x", null, null, -1)));
            default -> add("whoAmI", Operation.whoAmI());
        }
    }

    private void addMultiRead() {
        if (values.oneIn(30)) {
            String path = values.path();
            add(
                    "multiRead with getACL",
                    Operation.framed(
                            OpCode.multiRead,
                            new Operation.Part(OpCode.getData, new GetDataRequest(path, false)),
                            new Operation.Part(OpCode.getACL, new GetACLRequest(path))));
            return;
        }
        List<Op> ops = new ArrayList<>();
        List<String> each = new ArrayList<>();
        for (int count = values.random.nextInt(5); count > 0; count--) {
            String path = values.path();
            boolean data = values.random.nextBoolean();
            ops.add(data ? Op.getData(path) : Op.getChildren(path));
            each.add((data ? "getData " : "getChildren ") + path);
        }
        add("multiRead " + each, Operation.multiRead(ops));
    }

    private void addCreate(String path) {
        int flags = values.flags();
        @Nullable List<ACL> acl = values.acl();
        byte @Nullable [] data = values.data();
        String what = path + " flags " + flags + " " + acl;
        switch (values.random.nextInt(9)) {
            case 0, 1, 2 ->
                add("create2 " + what, Operation.of(OpCode.create2, new CreateRequest(path, data, acl, flags)));
            case 3 ->
                add(
                        "createContainer " + what,
                        Operation.of(
                                OpCode.createContainer, new CreateRequest(path, data, acl, containerFlags(flags))));
            case 4 -> {
                int ttlFlags = values.ttlFlags();
                long ttlMs = values.ttlMs();
                add(
                        "createTTL " + path + " flags " + ttlFlags + " ttl " + ttlMs + " " + acl,
                        Operation.of(OpCode.createTTL, new CreateTTLRequest(path, data, acl, ttlFlags, ttlMs)));
            }
            default -> add("create " + what, Operation.create(path, data, acl, flags));
        }
    }

    private int containerFlags(int flags) {
        return values.oneIn(4) ? flags : Operation.CONTAINER;
    }

    private void addMulti() {
        if (values.oneIn(30)) {
            addMultiThatNoClientSends();
            return;
        }
        List<Op> ops = new ArrayList<>();
        List<String> each = new ArrayList<>();
        boolean changes = false;
        for (int count = values.random.nextInt(5); count >= 0; count--) {
            int kind = quotas && changes ? 4 : values.random.nextInt(7);
            changes |= kind != 4;
            addToMulti(kind, ops, each);
        }
        add("multi " + each, Operation.multi(ops));
    }

    private void addToMulti(int kind, List<Op> ops, List<String> texts) {
        String path = values.path();
        int version = values.version();
        switch (kind) {
            case 5 -> {
                int flags = 5 + values.random.nextInt(2);
                long ttlMs = values.ttlMs();
                ops.add(Op.create(path, values.data(), values.acl(), flags, ttlMs));
                texts.add("createTTL " + path + " flags " + flags + " ttl " + ttlMs);
            }
            case 6 -> {
                ops.add(Op.create(path, values.data(), values.acl(), Operation.CONTAINER));
                texts.add("createContainer " + path);
            }
            case 0, 1 -> {
                int flags = values.flags();
                ops.add(Op.create(path, values.data(), values.acl(), flags));
                texts.add("create " + path + " flags " + flags);
            }
            case 2 -> {
                ops.add(Op.delete(path, version));
                texts.add("delete " + path + " v" + version);
            }
            case 3 -> {
                ops.add(Op.setData(path, values.data(), version));
                texts.add("setData " + path + " v" + version);
            }
            default -> {
                ops.add(Op.check(path, version));
                texts.add("check " + path + " v" + version);
            }
        }
    }

    private void addMultiThatNoClientSends() {
        String path = values.path();
        Record create = new CreateRequest(path, values.data(), values.acl(), Operation.PERSISTENT);
        switch (values.random.nextInt(3)) {
            case 0 ->
                add(
                        "multi of create2 " + path,
                        Operation.framed(OpCode.multi, new Operation.Part(OpCode.create2, create)));
            case 1 ->
                add(
                        "multi with setACL " + path,
                        Operation.framed(
                                OpCode.multi,
                                new Operation.Part(OpCode.create, create),
                                new Operation.Part(OpCode.setACL, new SetACLRequest(path, values.acl(), -1))));
            default ->
                add(
                        "multi with getData " + path,
                        Operation.framed(
                                OpCode.multi, new Operation.Part(OpCode.getData, new GetDataRequest(path, false))));
        }
    }

    /** One step of what a shell does about quotas, or all of them. */
    private void addQuotaOperations() {
        String quota = "/zookeeper/quota" + values.legalPath(2);
        String limits = quota + "/zookeeper_limits";
        String figures = quota + "/zookeeper_stats";
        int die = values.random.nextInt(20);
        switch (die) {
            case 0 -> add("delete " + limits, Operation.delete(limits, -1));
            case 1 -> add("delete " + figures, Operation.delete(figures, -1));
            case 2 -> add("delete " + quota, Operation.delete(quota, -1));
            case 3, 4, 5 -> add("new limits " + limits, Operation.setData(limits, values.quotaText(), -1));
            case 6 -> add("new figures " + figures, Operation.setData(figures, values.quotaText(), -1));
            case 7, 8, 9, 10 -> add("getData " + figures + " and watch", Operation.getData(figures, true));
            case 11 -> add("getChildren2 " + quota, Operation.getChildren2(quota, true));
            case 12 -> add("figures first " + figures, Operation.create2(figures, values.quotaText(), 0));
            case 13 -> add("getData " + limits, Operation.getData(limits, false));
            default -> {
                for (int end = quota.indexOf('/', 17); end > 0; end = quota.indexOf('/', end + 1)) {
                    add("create " + quota.substring(0, end), Operation.create(quota.substring(0, end), null, 0));
                }
                add("create " + quota, Operation.create(quota, null, 0));
                add("limits " + limits, Operation.create(limits, values.quotaText(), 0));
                add("figures " + figures, Operation.create2(figures, values.quotaText(), 0));
            }
        }
    }
}
