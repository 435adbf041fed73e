package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import java.util.List;

/**
 * Several reads that are answered together, from one state; each succeeds or fails by itself.
 *
 * @param ops each a {@link GetDataRequest} or a {@link GetChildrenRequest} without the stat; none arms a watch
 */
public record MultiReadRequest(List<Request> ops) implements Request {
    static MultiReadRequest decode(WireReader in) {
        return new MultiReadRequest(MultiRequest.decodeOps(in, MultiReadRequest::decodeOp));
    }

    private static Request decodeOp(int type, WireReader in) {
        Request request = MultiRequest.decodeOp(type, in, MultiReadRequest::isAllowed);
        return request instanceof GetDataRequest read
                ? new GetDataRequest(read.path(), false)
                : new GetChildrenRequest(OpCode.GET_CHILDREN, ((GetChildrenRequest) request).path(), false);
    }

    private static boolean isAllowed(OpCode op) {
        return op == OpCode.GET_DATA || op == OpCode.GET_CHILDREN;
    }

    @Override
    public OpCode op() {
        return OpCode.MULTI_READ;
    }

    @Override
    public void encode(WireWriter out) {
        MultiRequest.encodeOps(ops, out);
    }
}
