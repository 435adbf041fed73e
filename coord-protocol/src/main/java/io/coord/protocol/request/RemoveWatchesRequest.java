package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Disarms this connection's watches of one type on one path.
 *
 * @param type see {@link io.coord.protocol.data.WatcherType}; kept raw because a wrong one has an answer of its own
 */
public record RemoveWatchesRequest(String path, int type) implements Request {
    static RemoveWatchesRequest decode(WireReader in) {
        return new RemoveWatchesRequest(in.readString(), in.readInt());
    }

    @Override
    public OpCode op() {
        return OpCode.REMOVE_WATCHES;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
        out.writeInt(type);
    }
}
