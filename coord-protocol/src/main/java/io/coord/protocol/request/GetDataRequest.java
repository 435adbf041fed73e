package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Asks for a znode's data and stat.
 *
 * @param watch whether to tell once of the znode's change or deletion; armed only when the znode is there
 */
public record GetDataRequest(String path, boolean watch) implements Request {
    static GetDataRequest decode(WireReader in) {
        return new GetDataRequest(in.readString(), in.readBool());
    }

    @Override
    public OpCode op() {
        return OpCode.GET_DATA;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeBool(watch);
    }
}
