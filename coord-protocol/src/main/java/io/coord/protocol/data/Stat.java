package io.coord.protocol.data;

import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;

/**
 * What a client sees of a znode besides its data.
 *
 * @param czxid zxid of the transaction that created the znode
 * @param mzxid zxid of the last change of its data
 * @param ctime when it was created, milliseconds since the epoch by the server's clock
 * @param mtime when its data last changed, likewise
 * @param version number of changes of its data
 * @param cversion number of creations and deletions of children
 * @param aversion number of changes of its ACL
 * @param ephemeralOwner id of the session that the znode dies with, 0 for any other kind of znode
 * @param dataLength in bytes
 * @param pzxid zxid of the last creation or deletion of a child
 */
public record Stat(
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        int dataLength,
        int numChildren,
        long pzxid) {
    /** Bytes that a stat takes on the wire. */
    public static final int WIRE_BYTES = 68;

    public static Stat decode(WireReader in) {
        return new Stat(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readLong());
    }

    public void encode(WireWriter out) {
        out.writeLong(czxid);
        out.writeLong(mzxid);
        out.writeLong(ctime);
        out.writeLong(mtime);
        out.writeInt(version);
        out.writeInt(cversion);
        out.writeInt(aversion);
        out.writeLong(ephemeralOwner);
        out.writeInt(dataLength);
        out.writeInt(numChildren);
        out.writeLong(pzxid);
    }
}
