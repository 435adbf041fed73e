package io.coord.protocol.request;

import io.coord.protocol.OpCode;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Adds an identity to the connection, not to the session: a client sends it again after each reconnect.
 *
 * @param type always 0
 * @param auth what the scheme needs as proof, {@code user:password} for digest
 */
public record AuthPacket(int type, String scheme, byte @Nullable [] auth) implements Request {
    static AuthPacket decode(WireReader in) {
        return new AuthPacket(in.readInt(), in.readString(), in.readBuffer());
    }

    @Override
    public OpCode op() {
        return OpCode.AUTH;
    }

    @Override
    public void encode(WireWriter out) {
        out.writeInt(type);
        out.writeString(scheme);
        out.writeBuffer(auth);
    }
}
