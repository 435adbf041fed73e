package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * One step of a client's authentication by SASL.
 *
 * @param token as the mechanism made it; empty at first when the server is to speak first
 */
public record GetSaslRequest(byte @Nullable [] token) implements Request {
    static GetSaslRequest decode(WireReader in) {
        return new GetSaslRequest(in.readBuffer());
    }

    @Override
    public OpCode op() {
        return OpCode.SASL;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeBuffer(token);
    }
}
