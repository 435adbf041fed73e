package io.coord.server.ensemble.internal;

import java.nio.ByteBuffer;

/** How an entry of Ratis's log begins: length, term, index, as protobuf has them. */
final class EntryHead {
    /** A byte from here on says that the number goes on. */
    static final int MORE = 1 << 7;

    static final int MOST_LENGTH_BYTES = 5;
    private static final int MOST_LONG_BYTES = 10;
    /** Of length, term and index with their tags. */
    static final int MOST_BYTES = MOST_LENGTH_BYTES + 2 * (1 + MOST_LONG_BYTES);

    static final long NONE = -1;
    private static final int VARINT_BITS = 7;
    private static final byte TERM_TAG = 1 << 3;
    private static final byte INDEX_TAG = 2 << 3;

    private EntryHead() {}

    /**
     * The index of the entry whose length begins at the buffer's position, whether or not it is all there.
     *
     * @return {@link #NONE} when no entry begins so
     */
    static long indexOf(ByteBuffer bytes) {
        if (readVarint(bytes) <= 0 || !bytes.hasRemaining() || bytes.get() != TERM_TAG || readVarint(bytes) <= 0) {
            return NONE;
        }
        if (!bytes.hasRemaining() || bytes.get() != INDEX_TAG) {
            // The first entry of all has index 0, which is not written.
            return 0;
        }
        return readVarint(bytes);
    }

    /** Any number below 2^63; {@link #NONE} when there is none. */
    static long readVarint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += VARINT_BITS) {
            if (!bytes.hasRemaining()) {
                return NONE;
            }
            byte read = bytes.get();
            value |= (long) (read & (MORE - 1)) << shift;
            if (read >= 0) {
                return value;
            }
        }
        return NONE;
    }
}
