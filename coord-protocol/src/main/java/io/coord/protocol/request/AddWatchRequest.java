package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Arms a watch that stays.
 *
 * @param mode see {@link io.coord.protocol.data.AddWatchMode}; kept raw because a wrong one has an answer of its own
 */
public record AddWatchRequest(String path, int mode) implements Request {
    static AddWatchRequest decode(WireReader in) {
        return new AddWatchRequest(in.readString(), in.readInt());
    }

    @Override
    public OpCode op() {
        return OpCode.ADD_WATCH;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeInt(mode);
    }
}
