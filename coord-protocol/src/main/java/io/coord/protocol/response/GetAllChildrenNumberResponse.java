package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/** Answers getAllChildrenNumber. */
public record GetAllChildrenNumberResponse(int totalNumber) implements Response {
    static GetAllChildrenNumberResponse decode(WireReader in) {
        return new GetAllChildrenNumberResponse(in.readInt());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeInt(totalNumber);
    }
}
