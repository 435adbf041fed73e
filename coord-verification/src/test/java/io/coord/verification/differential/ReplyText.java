package io.coord.verification.differential;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.MultiResponse;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.Create2Response;
import org.apache.zookeeper.proto.CreateResponse;
import org.apache.zookeeper.proto.ErrorResponse;
import org.apache.zookeeper.proto.GetACLResponse;
import org.apache.zookeeper.proto.GetAllChildrenNumberResponse;
import org.apache.zookeeper.proto.GetChildren2Response;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.GetEphemeralsResponse;
import org.apache.zookeeper.proto.SyncResponse;
import org.apache.zookeeper.proto.WhoAmIResponse;

/**
 * Frames as text, without what differs between any two servers: times are left out, session ids become the numbers of the
 * script's sessions, and zxids are marked, to be replaced by their rank.
 */
final class ReplyText {
    private final Map<Long, String> sessionNames;

    ReplyText(Map<Long, String> sessionNames) {
        this.sessionNames = sessionNames;
    }

    String of(Operation operation, Frame reply) {
        String head = "error " + reply.error() + " " + zxid(reply) + " ";
        return reply.error() != 0 ? head + reply.body().length + " bytes" : head + body(operation.code(), reply);
    }

    static String ofEvent(Frame event) {
        return event.event() + " " + (event.zxid() == -1 ? "no zxid" : zxid(event.zxid()));
    }

    private String body(int op, Frame reply) {
        return switch (op) {
            case OpCode.create -> reply.into(new CreateResponse()).getPath();
            case OpCode.create2, OpCode.createContainer, OpCode.createTTL -> {
                Create2Response response = reply.into(new Create2Response());
                yield response.getPath() + " " + stat(response.getStat());
            }
            case OpCode.exists, OpCode.setData, OpCode.setACL -> stat(reply.into(new Stat()));
            case OpCode.getData -> {
                GetDataResponse response = reply.into(new GetDataResponse());
                yield Arrays.toString(response.getData()) + " " + stat(response.getStat());
            }
            case OpCode.getACL -> {
                GetACLResponse response = reply.into(new GetACLResponse());
                // ZooKeeper keeps the identities of a connection in no particular order.
                yield response.getAcl().stream().map(Object::toString).sorted().toList() + " "
                        + stat(response.getStat());
            }
            case OpCode.getChildren ->
                reply.into(new GetChildrenResponse()).getChildren().stream()
                        .sorted()
                        .toList()
                        .toString();
            case OpCode.getChildren2 -> {
                GetChildren2Response response = reply.into(new GetChildren2Response());
                yield response.getChildren().stream().sorted().toList() + " " + stat(response.getStat());
            }
            case OpCode.sync -> reply.into(new SyncResponse()).getPath();
            case OpCode.getAllChildrenNumber ->
                "" + reply.into(new GetAllChildrenNumberResponse()).getTotalNumber();
            case OpCode.getEphemerals ->
                reply.into(new GetEphemeralsResponse()).getEphemerals().stream()
                        .sorted()
                        .toList()
                        .toString();
            case OpCode.whoAmI ->
                reply.into(new WhoAmIResponse()).getClientInfo().stream()
                        .map(Object::toString)
                        .sorted()
                        .toList()
                        .toString();
            case OpCode.multi, OpCode.multiRead ->
                reply.into(new MultiResponse()).getResultList().stream()
                        .map(this::result)
                        .collect(Collectors.joining(", ", "[", "]"));
            case OpCode.addWatch -> "error " + reply.into(new ErrorResponse()).getErr();
            default -> reply.body().length + " bytes";
        };
    }

    private String result(OpResult result) {
        String type = "type " + result.getType() + " ";
        if (result instanceof OpResult.ErrorResult error) {
            return type + error.getErr();
        }
        if (result instanceof OpResult.CreateResult create) {
            return type + create.getPath() + (create.getStat() == null ? "" : " " + stat(create.getStat()));
        }
        if (result instanceof OpResult.GetDataResult data) {
            return type + Arrays.toString(data.getData()) + " " + stat(data.getStat());
        }
        if (result instanceof OpResult.GetChildrenResult children) {
            return type + children.getChildren().stream().sorted().toList();
        }
        return result instanceof OpResult.SetDataResult set ? type + stat(set.getStat()) : type;
    }

    private String stat(Stat stat) {
        return String.format(
                "{c %s m %s p %s v%d cv%d av%d owner %s length %d children %d%s}",
                zxid(stat.getCzxid()),
                zxid(stat.getMzxid()),
                zxid(stat.getPzxid()),
                stat.getVersion(),
                stat.getCversion(),
                stat.getAversion(),
                stat.getEphemeralOwner() == 0
                        ? "none"
                        : sessionNames.getOrDefault(stat.getEphemeralOwner(), "a stranger"),
                stat.getDataLength(),
                stat.getNumChildren(),
                stat.getCtime() > stat.getMtime() ? " made after it was changed" : "");
    }

    private static String zxid(Frame reply) {
        return switch (KeeperException.Code.get(reply.error())) {
            // One that may have been used up by this reply alone.
            case MARSHALLINGERROR, RECONFIGDISABLED -> "<?" + reply.zxid() + ">";
            // The last word on its connection; ZooKeeper's is without a zxid.
            case UNIMPLEMENTED -> "";
            default -> zxid(reply.zxid());
        };
    }

    private static String zxid(long zxid) {
        return "<" + zxid + ">";
    }
}
