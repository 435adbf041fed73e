package io.coord.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * Strings that are encoded once and written many times, as a list of children is that many clients ask for. Immutable. Read
 * as a list, it is decoded front to back, so {@link #get} takes time in proportion to the index and an iterator does not.
 */
public final class EncodedStrings extends AbstractList<String> {
    /** The number of strings, then length and bytes of each: what {@link WireWriter#writeStrings} makes of any list. */
    private final byte[] encoded;

    private EncodedStrings(byte[] encoded) {
        this.encoded = encoded;
    }

    /** Bytes of the whole list on the wire. */
    public int encodedLength() {
        return encoded.length;
    }

    void writeTo(ByteBuf out) {
        out.writeBytes(encoded);
    }

    @Override
    public int size() {
        return ByteBuffer.wrap(encoded).getInt();
    }

    @Override
    public String get(int index) {
        Objects.checkIndex(index, size());
        Decoding strings = new Decoding();
        for (int i = 0; i < index; i++) {
            strings.next();
        }
        return strings.next();
    }

    @Override
    public Iterator<String> iterator() {
        return new Decoding();
    }

    private final class Decoding implements Iterator<String> {
        private final ByteBuffer rest = ByteBuffer.wrap(encoded).position(Integer.BYTES);

        @Override
        public boolean hasNext() {
            return rest.hasRemaining();
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int length = rest.getInt();
            String next = new String(encoded, rest.position(), length, StandardCharsets.UTF_8);
            rest.position(rest.position() + length);
            return next;
        }
    }

    /** Takes the strings one by one. */
    public static final class Builder {
        private final ByteBuffer to;

        /** @param encodedLength of the whole list: 4 bytes, and for each string 4 more than it has itself */
        public Builder(int count, int encodedLength) {
            this.to = ByteBuffer.allocate(encodedLength).putInt(count);
        }

        /** Adds the string with these bytes of UTF-8. */
        public void add(byte[] bytes, int from, int length) {
            to.putInt(length).put(bytes, from, length);
        }

        public EncodedStrings build() {
            if (to.hasRemaining()) {
                throw new IllegalStateException(to.remaining() + " bytes are missing");
            }
            return new EncodedStrings(to.array());
        }
    }
}
