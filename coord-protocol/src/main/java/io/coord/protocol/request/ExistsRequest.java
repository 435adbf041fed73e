package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Asks for a znode's stat.
 *
 * @param watch whether to tell once of the znode's creation, change or deletion; armed also when there is no such znode
 */
public record ExistsRequest(String path, boolean watch) implements Request {
    static ExistsRequest decode(WireReader in) {
        return new ExistsRequest(in.readString(), in.readBool());
    }

    @Override
    public OpCode op() {
        return OpCode.EXISTS;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeBool(watch);
    }
}
