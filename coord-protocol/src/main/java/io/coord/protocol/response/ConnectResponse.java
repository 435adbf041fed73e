package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * Answers a ConnectRequest, without a header. Time-out 0 with session 0 says that the session is gone for good.
 *
 * @param timeoutMs the negotiated session time-out
 * @param readOnly whether this server takes no writes; null, and then left out, when the client sent no such field
 */
public record ConnectResponse(
        int protocolVersion,
        int timeoutMs,
        long sessionId,
        byte @Nullable [] passwd,
        @Nullable Boolean readOnly) {
    public static ConnectResponse decode(WireReader in) {
        return new ConnectResponse(
                in.readInt(), in.readInt(), in.readLong(), in.readBuffer(), in.remaining() > 0 ? in.readBool() : null);
    }

    public void encode(WireWriter out) {
        out.writeInt(protocolVersion);
        out.writeInt(timeoutMs);
        out.writeLong(sessionId);
        out.writeBuffer(passwd);
        if (readOnly != null) {
            out.writeBool(readOnly);
        }
    }
}
