package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/** Asks for a znode's ACL and stat. */
public record GetAclRequest(String path) implements Request {
    static GetAclRequest decode(WireReader in) {
        return new GetAclRequest(in.readString());
    }

    @Override
    public OpCode op() {
        return OpCode.GET_ACL;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
    }
}
