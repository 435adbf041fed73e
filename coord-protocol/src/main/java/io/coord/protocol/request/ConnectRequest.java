package io.coord.protocol.request;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a connection, without a header. Old clients leave out its last byte, and then the answer must leave
 * it out as well.
 *
 * @param lastZxidSeen a server that has applied less than this closes the connection without an answer
 * @param timeoutMs session time-out that the client asks for; the server clamps it
 * @param sessionId 0 for a new session
 * @param passwd 16 bytes
 * @param readOnly whether a server without quorum will do; null when the client's dialect lacks the field
 */
public record ConnectRequest(
        int protocolVersion,
        long lastZxidSeen,
        int timeoutMs,
        long sessionId,
        byte @Nullable [] passwd,
        @Nullable Boolean readOnly) {
    public static ConnectRequest decode(WireReader in) {
        return new ConnectRequest(
                in.readInt(),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                in.readBuffer(),
                in.remaining() > 0 ? in.readBool() : null);
    }

    public void encode(WireWriter out) {
        out.writeInt(protocolVersion);
        out.writeLong(lastZxidSeen);
        out.writeInt(timeoutMs);
        out.writeLong(sessionId);
        out.writeBuffer(passwd);
        if (readOnly != null) {
            out.writeBool(readOnly);
        }
    }
}
