package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Answers addWatch. ZooKeeper sends an ErrorResponse here, four bytes that repeat the header's code, and its Java client
 * drops the connection when they are missing.
 */
public record AddWatchResponse(int error) implements Response {
    public static final AddWatchResponse OK = new AddWatchResponse(0);

    static AddWatchResponse decode(WireReader in) {
        return new AddWatchResponse(in.readInt());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeInt(error);
    }
}
