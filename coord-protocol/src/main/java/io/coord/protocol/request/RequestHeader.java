package io.coord.protocol.request;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Precedes each request.
 *
 * @param xid the client's number for the request, echoed by the reply; see {@link io.coord.protocol.Xid}
 * @param opCode the wire number, kept raw because an unknown one has an answer of its own
 */
public record RequestHeader(int xid, int opCode) {
    public static RequestHeader decode(WireReader in) {
        return new RequestHeader(in.readInt(), in.readInt());
    }

    public void encode(WireWriter out) {
        out.writeInt(xid);
        out.writeInt(opCode);
    }
}
