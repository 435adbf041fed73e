package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireWriter;

/** Ends the session and deletes its ephemeral znodes; has no body. */
public record CloseSessionRequest() implements Request {
    public static final CloseSessionRequest INSTANCE = new CloseSessionRequest();

    @Override
    public OpCode op() {
        return OpCode.CLOSE_SESSION;
    }

    @Override
    public void encode(WireWriter out) {}
}
