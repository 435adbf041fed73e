package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a znode's data.
 *
 * @param version the data version that the znode must have, -1 for any
 */
public record SetDataRequest(String path, byte @Nullable [] data, int version) implements Request {
    static SetDataRequest decode(WireReader in) {
        return new SetDataRequest(in.readString(), in.readBuffer(), in.readInt());
    }

    @Override
    public OpCode op() {
        return OpCode.SET_DATA;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeBuffer(data);
        out.writeInt(version);
    }
}
