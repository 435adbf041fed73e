package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/** Asks how many znodes there are below one, at any depth. */
public record GetAllChildrenNumberRequest(String path) implements Request {
    static GetAllChildrenNumberRequest decode(WireReader in) {
        return new GetAllChildrenNumberRequest(in.readString());
    }

    @Override
    public OpCode op() {
        return OpCode.GET_ALL_CHILDREN_NUMBER;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
    }
}
