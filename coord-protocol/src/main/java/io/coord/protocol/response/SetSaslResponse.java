package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Answers a step of SASL with the server's next one.
 *
 * @param token null when the server has nothing to say: it knows no users, or the client has said the last word
 */
public record SetSaslResponse(byte @Nullable [] token) implements Response {
    static SetSaslResponse decode(WireReader in) {
        return new SetSaslResponse(in.readBuffer());
    }

    @Override
    public void encode(WireWriter out) {
        out.writeBuffer(token);
    }
}
