package io.coord.server.internal.migration;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Uncompresses what snappy-java's stream wrote, which is what ZooKeeper uses: a header, then blocks in the raw Snappy format, each
 * behind its compressed length.
 */
final class SnappyInput extends InputStream {
    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int MOST_BLOCK_BYTES = 64 << 20;

    private static final int LITERAL = 0;
    private static final int COPY_1 = 1;
    private static final int COPY_2 = 2;

    private final DataInputStream in;
    private byte[] block = {};
    private int next;
    private int end;

    /** @throws IOException when it does not begin as such a stream */
    SnappyInput(InputStream compressed) throws IOException {
        in = new DataInputStream(compressed);
        byte[] magic = in.readNBytes(MAGIC.length);
        if (!java.util.Arrays.equals(magic, MAGIC)) {
            throw new IOException("this is no Snappy stream");
        }
        // The version that wrote it, and the oldest that can read it.
        in.readInt();
        if (in.readInt() > 1) {
            throw new IOException("a Snappy stream of a newer format");
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? block[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, end - next);
        System.arraycopy(block, next, into, offset, count);
        next += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean fill() throws IOException {
        while (next == end) {
            int first = in.read();
            if (first < 0) {
                return false;
            }
            int length = (first << 24) | (in.readUnsignedByte() << 16) | in.readUnsignedShort();
            byte[] compressed = in.readNBytes(checked(length));
            if (compressed.length < length) {
                throw new EOFException("the file ends within a Snappy block");
            }
            try {
                uncompress(compressed);
            } catch (IndexOutOfBoundsException e) {
                throw new IOException("a Snappy block is damaged", e);
            }
        }
        return true;
    }

    private static int checked(long length) throws IOException {
        if (length < 0 || length > MOST_BLOCK_BYTES) {
            throw new IOException("a Snappy block of " + length + " bytes");
        }
        return (int) length;
    }

    private void uncompress(byte[] from) throws IOException {
        int at = 0;
        long length = 0;
        int shift = 0;
        byte part;
        do {
            part = from[at++];
            length |= (long) (part & 0x7f) << shift;
            shift += 7;
        } while (part < 0 && shift < Integer.SIZE);
        block = new byte[checked(length)];
        int to = 0;
        while (at < from.length) {
            int tag = from[at++] & 0xff;
            int kind = tag & 3;
            if (kind == LITERAL) {
                int size = tag >> 2;
                if (size >= 60) {
                    int bytes = size - 59;
                    size = littleEndian(from, at, bytes);
                    at += bytes;
                }
                size++;
                System.arraycopy(from, at, block, to, size);
                at += size;
                to += size;
            } else {
                int size = kind == COPY_1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
                int bytes = kind == COPY_1 ? 1 : kind == COPY_2 ? 2 : 4;
                int distance = littleEndian(from, at, bytes) | (kind == COPY_1 ? (tag & 0xe0) << 3 : 0);
                at += bytes;
                if (distance <= 0) {
                    throw new IOException("a Snappy block is damaged");
                }
                // One by one: what is copied may be what this copy has just written.
                for (int i = 0; i < size; i++, to++) {
                    block[to] = block[to - distance];
                }
            }
        }
        if (to != block.length) {
            throw new IOException("a Snappy block is damaged");
        }
        next = 0;
        end = to;
    }

    private static int littleEndian(byte[] from, int at, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (from[at + i] & 0xff) << (Byte.SIZE * i);
        }
        return value;
    }
}
