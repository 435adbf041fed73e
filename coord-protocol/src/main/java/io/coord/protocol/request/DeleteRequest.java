package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Deletes a znode without children.
 *
 * @param version the data version that the znode must have, -1 for any
 */
public record DeleteRequest(String path, int version) implements Request {
    static DeleteRequest decode(WireReader in) {
        return new DeleteRequest(in.readString(), in.readInt());
    }

    @Override
    public OpCode op() {
        return OpCode.DELETE;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeInt(version);
    }
}
