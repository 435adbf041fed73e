package io.coord.protocol.response;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * Precedes each reply and each watch event.
 *
 * @param xid that of the request, or {@link io.coord.protocol.Xid#NOTIFICATION}
 * @param zxid the last transaction that the server had applied when it answered; of a write or an event, its own
 * @param error raw {@link io.coord.protocol.ErrorCode}; the record is left out when it is not 0
 */
public record ReplyHeader(int xid, long zxid, int error) {
    /** Bytes that the header takes on the wire. */
    public static final int WIRE_BYTES = 16;

    public static ReplyHeader decode(WireReader in) {
        return new ReplyHeader(in.readInt(), in.readLong(), in.readInt());
    }

    public void encode(WireWriter out) {
        out.writeInt(xid);
        out.writeLong(zxid);
        out.writeInt(error);
    }
}
