package io.coord.server.internal.state;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.GetEphemeralsRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.GetAclResponse;
import io.coord.protocol.response.GetAllChildrenNumberResponse;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.GetEphemeralsResponse;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import io.coord.protocol.wire.EncodedStrings;
import io.coord.server.internal.auth.AccessList;
import io.coord.server.internal.auth.AclRules;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reads. Paths are not checked, a bad one is simply not there; that a node is missing comes before that it may not be
 * read, as in ZooKeeper.
 */
final class TreeReads {
    private TreeReads() {}

    static Answer exists(ZnodeTree tree, String path, List<Id> ids) {
        if (path.indexOf('\0') >= 0) {
            return Answer.refusal(ErrorCode.BAD_ARGUMENTS);
        }
        Znode node = tree.get(path);
        if (node == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        return node.acl().permits(Acl.READ, ids)
                ? Answer.of(new StatResponse(node.stat()))
                : Answer.refusal(ErrorCode.NO_AUTH);
    }

    static Answer getData(ZnodeTree tree, String path, List<Id> ids) {
        Znode node = tree.get(path);
        if (node == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        return node.acl().permits(Acl.READ, ids)
                ? Answer.of(new GetDataResponse(node.data(), node.stat()))
                : Answer.refusal(ErrorCode.NO_AUTH);
    }

    static Answer getChildren(ZnodeTree tree, GetChildrenRequest request, List<Id> ids) {
        Znode node = tree.get(request.path());
        if (node == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        if (!node.acl().permits(Acl.READ, ids)) {
            return Answer.refusal(ErrorCode.NO_AUTH);
        }
        List<String> names = tree.childNames(node);
        return Answer.of(
                request.op() == OpCode.GET_CHILDREN2
                        ? new GetChildren2Response(names, node.stat())
                        : new GetChildrenResponse(names));
    }

    static Answer getAllChildrenNumber(ZnodeTree tree, String path, List<Id> ids) {
        Znode node = tree.get(path);
        if (node == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        return node.acl().permits(Acl.READ, ids)
                ? Answer.of(new GetAllChildrenNumberResponse(tree.descendantCount(node)))
                : Answer.refusal(ErrorCode.NO_AUTH);
    }

    /** Of one's own session, so no ACL is asked. */
    static Answer getEphemerals(ZnodeTree tree, GetEphemeralsRequest request, long sessionId) {
        @Nullable String prefix = request.prefixPath();
        boolean all = prefix == null || prefix.isBlank() || prefix.trim().equals(ZnodePath.ROOT);
        List<String> paths = new ArrayList<>();
        for (Znode each : tree.ephemeralsOf(sessionId)) {
            if (all || each.path().startsWith(prefix)) {
                paths.add(each.path());
            }
        }
        return Answer.of(new GetEphemeralsResponse(paths));
    }

    /** Stops where the response is too long in any case: a short request may ask for the same long list many times. */
    static Answer multiRead(ZnodeTree tree, MultiReadRequest request, List<Id> ids, int maxBytes) {
        List<MultiResponse.Result> results = new ArrayList<>();
        long bytes = 0;
        for (Request each : request.ops()) {
            if (bytes > maxBytes) {
                break;
            }
            Answer answer = each instanceof GetDataRequest read
                    ? getData(tree, read.path(), ids)
                    : getChildren(tree, (GetChildrenRequest) each, ids);
            @Nullable Response response = answer.response();
            bytes += leastBytesOf(response);
            results.add(
                    response == null
                            ? new MultiResponse.Failed(answer.error().code())
                            : new MultiResponse.Done(each.op(), response));
        }
        return Answer.of(new MultiResponse(results));
    }

    private static long leastBytesOf(@Nullable Response response) {
        if (response instanceof GetDataResponse read) {
            byte @Nullable [] data = read.data();
            return Stat.WIRE_BYTES + (data == null ? 0L : data.length);
        } else if (response instanceof GetChildrenResponse read) {
            return read.children() instanceof EncodedStrings names ? names.encodedLength() : 0;
        }
        return 0;
    }

    static Answer getAcl(ZnodeTree tree, String path, List<Id> ids) {
        Znode node = tree.get(path);
        if (node == null) {
            return Answer.refusal(ErrorCode.NO_NODE);
        }
        AccessList acl = node.acl();
        if (!acl.permits(Acl.READ | Acl.ADMIN, ids)) {
            return Answer.refusal(ErrorCode.NO_AUTH);
        }
        List<Acl> shown = acl.permits(Acl.ADMIN, ids) ? acl.entries() : AclRules.withoutHashes(acl.entries());
        return Answer.of(new GetAclResponse(shown, node.stat()));
    }
}
