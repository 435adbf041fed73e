package io.coord.server.internal.tree;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A znode's name, and its data if that is small, in one array: arrays of their own, let alone a string, would cost a header
 * more for each of millions of znodes. First a head: the length of the name and two flags, in seven bits a byte, the lowest
 * first; one byte for a name of up to 31 bytes. Then the name in UTF-8, which is exact because paths have no surrogates.
 * Then the data. Arrays are never changed, so that to undo is to put the old one back.
 */
final class ZnodeBytes {
    /** Longer data is kept apart: behind the name it would have to be copied for each reader. */
    static final int LONGEST_DATA = 512;

    private static final int ASCII = 1;
    /** Data follows, be it empty; without this flag it is null or kept apart. */
    private static final int DATA = 2;

    private static final int FLAG_BITS = 2;

    private ZnodeBytes() {}

    /**
     * For the last element of a path.
     *
     * @param data null when there is none here
     */
    static byte[] of(String path, byte @Nullable [] data) {
        int from = path.lastIndexOf('/') + 1;
        int length = path.length() - from;
        if (!isAscii(path, from)) {
            byte[] name = path.substring(from).getBytes(StandardCharsets.UTF_8);
            byte[] bytes = allocate(name.length, 0, data);
            System.arraycopy(name, 0, bytes, nameStart(bytes), name.length);
            return bytes;
        }
        byte[] bytes = allocate(length, ASCII, data);
        int start = nameStart(bytes);
        for (int i = 0; i < length; i++) {
            bytes[start + i] = (byte) path.charAt(from + i);
        }
        return bytes;
    }

    /** Takes a name of this many bytes out of a buffer, then data of that many, none if negative. */
    static byte[] read(int nameLength, int dataLength, ByteBuf in) {
        byte[] bytes = allocate(nameLength, ASCII, dataLength);
        int start = nameStart(bytes);
        in.readBytes(bytes, start, bytes.length - start);
        for (int i = start; i < start + nameLength; i++) {
            if (bytes[i] < 0) {
                bytes[0] &= ~ASCII;
                break;
            }
        }
        return bytes;
    }

    /** The same name with other data. */
    static byte[] withData(byte[] bytes, byte @Nullable [] data) {
        int length = nameLength(bytes);
        byte[] changed = allocate(length, bytes[0] & ASCII, data);
        System.arraycopy(bytes, nameStart(bytes), changed, nameStart(changed), length);
        return changed;
    }

    static int nameStart(byte[] bytes) {
        int i = 0;
        while (bytes[i++] < 0) {
            // The head goes on.
        }
        return i;
    }

    /** In bytes. */
    static int nameLength(byte[] bytes) {
        int head = bytes[0];
        if (head < 0) {
            head &= 0x7f;
            for (int i = 1, shift = 7; ; i++, shift += 7) {
                head |= (bytes[i] & 0x7f) << shift;
                if (bytes[i] >= 0) {
                    break;
                }
            }
        }
        return head >> FLAG_BITS;
    }

    /** Whether each byte of the name is a character. */
    static boolean isAscii(byte[] bytes) {
        return (bytes[0] & ASCII) != 0;
    }

    static String name(byte[] bytes) {
        return new String(bytes, nameStart(bytes), nameLength(bytes), StandardCharsets.UTF_8);
    }

    /**
     * Where the name begins in a path, whose element of that name would end before {@code end}; -1 if another one ends
     * there.
     */
    static int findBefore(int end, String path, byte[] bytes) {
        if (!isAscii(bytes)) {
            String name = name(bytes);
            int from = end - name.length();
            return path.startsWith(name, from) ? from : -1;
        }
        int length = nameLength(bytes);
        int from = end - length;
        if (from < 0) {
            return -1;
        }
        int start = nameStart(bytes);
        for (int i = length - 1; i >= 0; i--) {
            if (bytes[start + i] != path.charAt(from + i)) {
                return -1;
            }
        }
        return from;
    }

    static boolean hasData(byte[] bytes) {
        return (bytes[0] & DATA) != 0;
    }

    /** The data reaches from here to the end. */
    static int dataStart(byte[] bytes) {
        return nameStart(bytes) + nameLength(bytes);
    }

    /** A copy; null when there is no data here. */
    static byte @Nullable [] data(byte[] bytes) {
        return hasData(bytes) ? Arrays.copyOfRange(bytes, dataStart(bytes), bytes.length) : null;
    }

    private static boolean isAscii(String path, int from) {
        for (int i = from; i < path.length(); i++) {
            if (path.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static byte[] allocate(int nameLength, int flags, byte @Nullable [] data) {
        byte[] bytes = allocate(nameLength, flags, data == null ? -1 : data.length);
        if (data != null) {
            System.arraycopy(data, 0, bytes, bytes.length - data.length, data.length);
        }
        return bytes;
    }

    private static byte[] allocate(int nameLength, int flags, int dataLength) {
        int head = nameLength << FLAG_BITS | flags | (dataLength < 0 ? 0 : DATA);
        int headBytes = (38 - Integer.numberOfLeadingZeros(head | 1)) / 7;
        byte[] bytes = new byte[headBytes + nameLength + Math.max(dataLength, 0)];
        for (int i = 0; i < headBytes - 1; i++) {
            bytes[i] = (byte) (head | 0x80);
            head >>>= 7;
        }
        bytes[headBytes - 1] = (byte) head;
        return bytes;
    }
}
