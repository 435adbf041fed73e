package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Inside a multi: the znode must be there with this data version.
 *
 * @param version -1 for any
 */
public record CheckVersionRequest(String path, int version) implements Request {
    static CheckVersionRequest decode(WireReader in) {
        return new CheckVersionRequest(in.readString(), in.readInt());
    }

    @Override
    public OpCode op() {
        return OpCode.CHECK;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeInt(version);
    }
}
