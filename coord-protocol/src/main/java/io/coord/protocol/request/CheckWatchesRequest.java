package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Asks whether this connection has a watch of one type on one path.
 *
 * @param type see {@link io.coord.protocol.data.WatcherType}; kept raw because a wrong one has an answer of its own
 */
public record CheckWatchesRequest(String path, int type) implements Request {
    static CheckWatchesRequest decode(WireReader in) {
        return new CheckWatchesRequest(in.readString(), in.readInt());
    }

    @Override
    public OpCode op() {
        return OpCode.CHECK_WATCHES;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeInt(type);
    }
}
