package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireWriter;

/** Asks whom this connection has authenticated as; has no body. */
public record WhoAmIRequest() implements Request {
    public static final WhoAmIRequest INSTANCE = new WhoAmIRequest();

    @Override
    public OpCode op() {
        return OpCode.WHO_AM_I;
    }

    @Override
    public void encode(WireWriter out) {}
}
