package io.coord.server.internal.state;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.Create2Response;
import io.coord.protocol.response.CreateResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import io.coord.server.internal.auth.AclRules;
import io.coord.server.internal.quota.QuotaExcess;
import io.coord.server.internal.quota.Quotas;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.tree.TreeEdit;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One write of one session: checks in ZooKeeper's order (it decides which error wins), then the steps on the edit. A single
 * operation that is refused has done no step.
 */
final class TreeWrites {
    private static final int ANY_VERSION = -1;

    private final ZnodeTree tree;
    private final TreeEdit edit;
    private final long sessionId;
    private final List<Id> ids;
    private final Quotas quotas;
    private final Command.Rules rules;
    /** The last one that was met. */
    private @Nullable QuotaExcess excess;

    TreeWrites(ZnodeTree tree, Quotas quotas, TreeEdit edit, long sessionId, List<Id> ids, Command.Rules rules) {
        this.tree = tree;
        this.edit = edit;
        this.sessionId = sessionId;
        this.ids = ids;
        this.quotas = quotas;
        this.rules = rules;
    }

    /** Does the operation. A multi that fails is answered with OK and the results; its edit is rolled back already. */
    Answer write(Request request) {
        return switch (request.op()) {
            case CREATE, CREATE2, CREATE_CONTAINER -> create((CreateRequest) request);
            case CREATE_TTL -> createTtl((CreateTtlRequest) request);
            case DELETE -> delete((DeleteRequest) request);
            case SET_DATA -> setData((SetDataRequest) request);
            case SET_ACL -> setAcl((SetAclRequest) request);
            case CHECK -> check((CheckVersionRequest) request);
            case MULTI -> multi((MultiRequest) request);
            case EXISTS,
                    GET_DATA,
                    GET_ACL,
                    GET_CHILDREN,
                    GET_CHILDREN2,
                    GET_ALL_CHILDREN_NUMBER,
                    GET_EPHEMERALS,
                    MULTI_READ,
                    SYNC,
                    RECONFIG,
                    PING,
                    CHECK_WATCHES,
                    REMOVE_WATCHES,
                    AUTH,
                    SASL,
                    WHO_AM_I,
                    SET_WATCHES,
                    SET_WATCHES2,
                    ADD_WATCH,
                    CLOSE_SESSION -> throw new IllegalArgumentException("not a write of the tree: " + request.op());
        };
    }

    private Answer create(CreateRequest request) {
        CreateMode mode = CreateMode.ofFlag(request.flags());
        if (mode == null || mode.isTtl()) {
            return Answer.refusal(ErrorCode.BAD_ARGUMENTS);
        }
        long owner;
        if (request.op() == OpCode.CREATE_CONTAINER) {
            owner = Znode.CONTAINER;
        } else {
            owner = mode.isEphemeral() ? sessionId : 0;
        }
        return create(request, mode, owner);
    }

    /** ZooKeeper's server stops working for good when the flags ask for no time to live and the time is negative. */
    private Answer createTtl(CreateTtlRequest request) {
        CreateMode mode = CreateMode.ofFlag(request.flags());
        if (mode == null || !mode.isTtl() || request.ttlMs() < 1 || request.ttlMs() > CreateMode.MAX_TTL_MS) {
            return Answer.refusal(ErrorCode.BAD_ARGUMENTS);
        }
        CreateRequest plain =
                new CreateRequest(OpCode.CREATE_TTL, request.path(), request.data(), request.acl(), request.flags());
        return create(plain, mode, Znode.ownerOfTtl(request.ttlMs()));
    }

    private Answer create(CreateRequest request, CreateMode mode, long owner) {
        String path = request.path();
        int lastSlash = path.lastIndexOf('/');
        if (lastSlash < 0 || path.indexOf('\0') >= 0) {
            return Answer.refusal(ErrorCode.BAD_ARGUMENTS);
        }
        List<Acl> acl = AclRules.resolve(request.acl(), ids, mayNameAllSchemes());
        if (acl == null) {
            return Answer.refusal(ErrorCode.INVALID_ACL);
        }
        Znode parent = tree.getParent(path);
        if (parent == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        if (!parent.acl().permits(Acl.CREATE, ids)) {
            return Answer.refusal(ErrorCode.NO_AUTH);
        }
        if (mode.isSequential()) {
            path = path + sequenceSuffix(parent.createCount());
        }
        if (!ZnodePath.isValid(path)) {
            return Answer.refusal(ErrorCode.BAD_ARGUMENTS);
        }
        if (tree.get(path) != null) {
            return Answer.refusal(ErrorCode.NODE_EXISTS);
        }
        if (parent.isEphemeral()) {
            return Answer.refusal(ErrorCode.NO_CHILDREN_FOR_EPHEMERALS);
        }
        int length = lengthOf(request.data());
        if (isBeyondQuota(path, 1, length)) {
            return Answer.refusal(ErrorCode.QUOTA_EXCEEDED);
        }
        Znode node = edit.create(parent, path, request.data(), acl, owner);
        Answer answer = Answer.of(
                request.op() == OpCode.CREATE ? new CreateResponse(path) : new Create2Response(path, node.stat()));
        quotas.onCreated(edit, path, length);
        return answer;
    }

    private Answer delete(DeleteRequest request) {
        String path = request.path();
        int lastSlash = path.lastIndexOf('/');
        if (lastSlash < 0 || path.indexOf('\0') >= 0 || ZnodeTree.isUndeletable(path)) {
            return Answer.refusal(ErrorCode.BAD_ARGUMENTS);
        }
        // The node knows its parent, so the parent is looked up only for the error of a node that is missing.
        Znode node = tree.get(path);
        Znode parent = node == null ? tree.getParent(path) : node.parent();
        if (parent == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        if (!parent.acl().permits(Acl.DELETE, ids)) {
            return Answer.refusal(ErrorCode.NO_AUTH);
        }
        if (node == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        if (differs(request.version(), node.version())) {
            return Answer.refusal(ErrorCode.BAD_VERSION);
        }
        if (node.childCount() > 0) {
            return Answer.refusal(ErrorCode.NOT_EMPTY);
        }
        edit.delete(node, path);
        quotas.onDeleted(edit, path, node);
        return Answer.DONE;
    }

    private Answer setData(SetDataRequest request) {
        Znode node = tree.get(request.path());
        // Where a node is the path is valid, but for the empty one, which finds the root.
        if ((node == null || node.parent() == null) && !ZnodePath.isValid(request.path())) {
            return Answer.refusal(ErrorCode.BAD_ARGUMENTS);
        }
        if (node == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        if (!node.acl().permits(Acl.WRITE, ids)) {
            return Answer.refusal(ErrorCode.NO_AUTH);
        }
        int before = tree.hasQuotas() ? node.dataLength() : 0;
        int after = lengthOf(request.data());
        if (isBeyondQuota(request.path(), 0, (long) after - before)) {
            return Answer.refusal(ErrorCode.QUOTA_EXCEEDED);
        }
        if (differs(request.version(), node.version())) {
            return Answer.refusal(ErrorCode.BAD_VERSION);
        }
        edit.setData(node, request.path(), request.data());
        Answer answer = Answer.of(new StatResponse(node.stat()));
        quotas.onDataSet(edit, request.path(), before, after);
        return answer;
    }

    private Answer setAcl(SetAclRequest request) {
        if (!ZnodePath.isValid(request.path())) {
            return Answer.refusal(ErrorCode.BAD_ARGUMENTS);
        }
        List<Acl> acl = AclRules.resolve(request.acl(), ids, mayNameAllSchemes());
        if (acl == null) {
            return Answer.refusal(ErrorCode.INVALID_ACL);
        }
        Znode node = tree.get(request.path());
        if (node == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        if (!node.acl().permits(Acl.ADMIN, ids)) {
            return Answer.refusal(ErrorCode.NO_AUTH);
        }
        if (differs(request.version(), node.aversion())) {
            return Answer.refusal(ErrorCode.BAD_VERSION);
        }
        edit.setAcl(node, acl);
        return Answer.of(new StatResponse(node.stat()));
    }

    private Answer check(CheckVersionRequest request) {
        if (!ZnodePath.isValid(request.path())) {
            return Answer.refusal(ErrorCode.BAD_ARGUMENTS);
        }
        Znode node = tree.get(request.path());
        if (node == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        if (!node.acl().permits(Acl.READ, ids)) {
            return Answer.refusal(ErrorCode.NO_AUTH);
        }
        return differs(request.version(), node.version()) ? Answer.refusal(ErrorCode.BAD_VERSION) : Answer.DONE;
    }

    private Answer multi(MultiRequest request) {
        edit.expect(request.ops().size());
        List<MultiResponse.Result> results = new ArrayList<>(request.ops().size());
        for (Request each : request.ops()) {
            Request op = each instanceof CreateTtlRequest create ? withoutNeedlessTtl(create) : each;
            Answer answer = write(op);
            @Nullable Response response = answer.response();
            if (response == null) {
                edit.rollback();
                return Answer.of(failed(request.ops().size(), results.size(), answer.error()));
            }
            results.add(new MultiResponse.Done(answeredAs(op.op()), response));
        }
        return Answer.of(new MultiResponse(results));
    }

    private static Request withoutNeedlessTtl(CreateTtlRequest create) {
        CreateMode mode = CreateMode.ofFlag(create.flags());
        if (mode != null && mode.isTtl()) {
            return create;
        }
        OpCode op = mode == CreateMode.CONTAINER ? OpCode.CREATE_CONTAINER : OpCode.CREATE;
        return new CreateRequest(op, create.path(), create.data(), create.acl(), create.flags());
    }

    private static MultiResponse failed(int ops, int failing, ErrorCode error) {
        List<MultiResponse.Result> results = new ArrayList<>(ops);
        for (int i = 0; i < ops; i++) {
            ErrorCode each = i < failing ? ErrorCode.OK : i == failing ? error : ErrorCode.RUNTIME_INCONSISTENCY;
            results.add(new MultiResponse.Failed(each.code()));
        }
        return new MultiResponse(results);
    }

    private static OpCode answeredAs(OpCode op) {
        return op == OpCode.CREATE_CONTAINER || op == OpCode.CREATE_TTL ? OpCode.CREATE2 : op;
    }

    private boolean mayNameAllSchemes() {
        return rules != Command.Rules.FIRST;
    }

    /** A quota beyond a limit that does not refuse is remembered, to be told of. */
    private boolean isBeyondQuota(String path, int znodes, long bytes) {
        @Nullable QuotaExcess met = quotas.excess(path, znodes, bytes);
        if (met == null) {
            return false;
        }
        excess = met;
        return met.hard() && rules == Command.Rules.QUOTAS_ENFORCED;
    }

    /** Beyond which quota the write has led, or would have; null for none. */
    @Nullable
    QuotaExcess excess() {
        return excess;
    }

    private static int lengthOf(byte @Nullable [] data) {
        return data == null ? 0 : data.length;
    }

    private static boolean differs(int expected, int actual) {
        return expected != ANY_VERSION && expected != actual;
    }

    /** Ten digits, as ZooKeeper prints them: a counter that has wrapped shows its minus sign. */
    static String sequenceSuffix(int counter) {
        if (counter < 0) {
            return String.format(Locale.ROOT, "%010d", counter);
        }
        char[] digits = new char[10];
        int rest = counter;
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        return new String(digits);
    }
}
