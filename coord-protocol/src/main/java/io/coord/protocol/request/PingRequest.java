package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireWriter;

/** Keeps an idle session alive; has no body. */
public record PingRequest() implements Request {
    public static final PingRequest INSTANCE = new PingRequest();

    @Override
    public OpCode op() {
        return OpCode.PING;
    }

    @Override
    public void encode(WireWriter out) {}
}
