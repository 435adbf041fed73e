package io.coord.verification.simulation.invariant;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.GetChildren2Response;
import io.coord.protocol.response.GetDataResponse;
import io.coord.protocol.response.Response;
import io.coord.protocol.response.StatResponse;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** G2, G4, G6, G9 and G22 as far as a reader can tell: what it is shown is what history has at the reply's zxid. */
final class ReadsShowOneMoment extends Invariant {
    private final History history;

    ReadsShowOneMoment(History history) {
        super("a read shows exactly what there was at the zxid of its reply");
        this.history = history;
    }

    @Override
    protected void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {
        require(
                zxid <= history.lastZxid(),
                "client %d is told zxid 0x%x, nobody has applied more than 0x%x",
                client,
                zxid,
                history.lastZxid());
        if (request == null || !(error == 0 || error == ErrorCode.NO_NODE.code())) {
            return;
        }
        String path;
        if (request instanceof GetDataRequest read) {
            path = read.path();
        } else if (request instanceof ExistsRequest read) {
            path = read.path();
        } else if (request instanceof GetChildrenRequest read) {
            path = read.path();
        } else {
            return;
        }
        History.Node node = history.at(path, zxid);
        boolean right;
        if (response == null) {
            right = !node.exists();
        } else if (response instanceof GetDataResponse data) {
            right = Objects.equals(data.stat(), node.stat()) && Arrays.equals(data.data(), node.data());
        } else if (response instanceof StatResponse stat) {
            right = Objects.equals(stat.stat(), node.stat());
        } else if (response instanceof GetChildren2Response children) {
            right = Objects.equals(children.stat(), node.stat())
                    && new HashSet<>(children.children()).equals(new HashSet<>(node.children()));
        } else {
            right = false;
        }
        require(right, "client %d reads %s at zxid 0x%x as %s, it was %s", client, path, zxid, response, node);
    }
}
