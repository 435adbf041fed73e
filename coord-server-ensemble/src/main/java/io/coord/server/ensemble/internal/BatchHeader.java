package io.coord.server.ensemble.internal;

import io.coord.protocol.wire.MalformedRecordException;
import io.netty.buffer.ByteBuf;

/**
 * The beginning of an entry of the log, before its commands: which member submitted them, and to which leader.
 *
 * @param term of the leader that was to take it. In the log of another term it is void: every member skips it, so what was meant for
 *     one leader never gets in behind what a later one took
 * @param life of the member that submitted it, a random number for each start
 * @param stream of that life; within one there are no gaps
 * @param number within the stream, from 0
 * @param count of its commands
 */
record BatchHeader(long term, long life, long stream, long number, int count) {
    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 4 * Long.BYTES + Integer.BYTES;

    void write(ByteBuf out) {
        out.writeByte(VERSION);
        out.writeLong(term);
        out.writeLong(life);
        out.writeLong(stream);
        out.writeLong(number);
        out.writeInt(count);
    }

    /**
     * Reads what {@link #write} wrote; the commands follow in the buffer.
     *
     * @throws MalformedRecordException when it is anything else
     */
    static BatchHeader read(ByteBuf in) {
        if (in.readableBytes() < BYTES) {
            throw new MalformedRecordException("an entry of " + in.readableBytes() + " bytes");
        }
        byte version = in.readByte();
        if (version != VERSION) {
            throw new MalformedRecordException(
                    "an entry in format " + version + ", this Coord reads format " + VERSION);
        }
        return new BatchHeader(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readInt());
    }
}
