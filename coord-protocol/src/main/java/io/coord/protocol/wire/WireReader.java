package io.coord.protocol.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads jute's primitive types from a buffer that holds one whole frame. Not thread-safe: one reader per owner thread,
 * pointed at the next frame with {@link #reset}. It never takes ownership of the buffer.
 *
 * <p>Invariant: nothing is allocated for a length before the frame was seen to hold that many bytes, so a frame can never
 * make the reader allocate more than a small multiple of its own size.
 */
public final class WireReader {
    private static final byte[] EMPTY = {};
    private static final int STRING_SCRATCH_BYTES = 512;

    private final byte[] scratch = new byte[STRING_SCRATCH_BYTES];
    private ByteBuf in;

    public WireReader(ByteBuf in) {
        this.in = in;
    }

    /** Points this reader at another frame. */
    public WireReader reset(ByteBuf frame) {
        this.in = frame;
        return this;
    }

    public int remaining() {
        return in.readableBytes();
    }

    public int readInt() {
        require(Integer.BYTES);
        return in.readInt();
    }

    public long readLong() {
        require(Long.BYTES);
        return in.readLong();
    }

    public boolean readBool() {
        require(1);
        return in.readByte() != 0;
    }

    /** A jute buffer; null when its length is -1. */
    public byte @Nullable [] readBuffer() {
        int length = readLength();
        if (length == -1) {
            return null;
        }
        if (length == 0) {
            return EMPTY;
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    /** A jute ustring that may be null. */
    public @Nullable String readNullableString() {
        int length = readLength();
        if (length == -1) {
            return null;
        }
        String text;
        if (in.hasArray()) {
            text = new String(in.array(), in.arrayOffset() + in.readerIndex(), length, StandardCharsets.UTF_8);
            in.skipBytes(length);
        } else {
            byte[] bytes = length <= scratch.length ? scratch : new byte[length];
            in.readBytes(bytes, 0, length);
            text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
        return text;
    }

    /** A jute ustring where the protocol allows no null. */
    public String readString() {
        String text = readNullableString();
        if (text == null) {
            throw new MalformedRecordException("null string where the protocol needs one");
        }
        return text;
    }

    /**
     * A jute vector; null when its count is -1.
     *
     * @param minElementBytes the fewest bytes that one element takes on the wire; bounds the count
     */
    public <T> @Nullable List<T> readNullableVector(int minElementBytes, Function<WireReader, T> element) {
        int count = readInt();
        if (count == -1) {
            return null;
        }
        if (count < 0 || count > in.readableBytes() / minElementBytes) {
            throw new MalformedRecordException(
                    "vector of " + count + " elements in a frame with " + in.readableBytes() + " bytes left");
        }
        List<T> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(element.apply(this));
        }
        return elements;
    }

    /** A vector of strings; a null vector reads as empty, as ZooKeeper's server treats it. */
    public List<String> readStrings() {
        List<String> strings = readNullableVector(Integer.BYTES, WireReader::readString);
        return strings == null ? List.of() : strings;
    }

    /** Reads on behind these bytes if they come next; says whether they did. */
    public boolean skip(byte[] expected) {
        if (in.readableBytes() < expected.length) {
            return false;
        }
        int start = in.readerIndex();
        for (int i = 0; i < expected.length; i++) {
            if (in.getByte(start + i) != expected[i]) {
                return false;
            }
        }
        in.skipBytes(expected.length);
        return true;
    }

    private int readLength() {
        int length = readInt();
        if (length < -1 || length > in.readableBytes()) {
            throw new MalformedRecordException(
                    "length " + length + " in a frame with " + in.readableBytes() + " bytes left");
        }
        return length;
    }

    private void require(int bytes) {
        if (in.readableBytes() < bytes) {
            throw new MalformedRecordException(
                    "record cut short: " + bytes + " bytes needed, " + in.readableBytes() + " left");
        }
    }
}
