package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/** Answers sync. */
public record SyncResponse(String path) implements Response {
    static SyncResponse decode(WireReader in) {
        return new SyncResponse(in.readString());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
    }
}
