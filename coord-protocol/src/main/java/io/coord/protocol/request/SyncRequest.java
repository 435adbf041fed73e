package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/** A read behind its reply sees every write that was acknowledged to anyone before it was sent. */
public record SyncRequest(String path) implements Request {
    static SyncRequest decode(WireReader in) {
        return new SyncRequest(in.readString());
    }

    @Override
    public OpCode op() {
        return OpCode.SYNC;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeString(path);
    }
}
