package io.coord.server.internal.migration;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;

/** Jute's primitive types from a stream of any length, with the checksum of what was read. */
final class JuteInput implements Closeable {
    private static final int BUFFER_BYTES = 64 << 10;
    /** ZooKeeper has no limit of its own; a length beyond this is damage. */
    private static final int MOST_BYTES = 256 << 20;

    private static final int MOST_ENTRIES = 1 << 20;

    private final InputStream in;
    private final Adler32 checksum = new Adler32();
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    /** Bytes before the buffer. */
    private long before;
    /** Up to here the buffer is in the checksum. */
    private int summed;

    JuteInput(InputStream in) {
        this.in = in;
    }

    /** In bytes from the start, uncompressed. */
    long position() {
        return before + next;
    }

    /** Adler-32 of all bytes that were read so far. */
    long checksum() {
        checksum.update(buffer, summed, next - summed);
        summed = next;
        return checksum.getValue();
    }

    boolean atEnd() throws IOException {
        return next == end && !fill();
    }

    int readInt() throws IOException {
        return (readByte() << 24) | (readByte() << 16) | (readByte() << 8) | readByte();
    }

    long readLong() throws IOException {
        return ((long) readInt() << Integer.SIZE) | (readInt() & 0xffffffffL);
    }

    byte @Nullable [] readBuffer() throws IOException {
        int length = readInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("an impossible length of " + length + " bytes");
        }
        byte[] bytes = new byte[Math.min(length, BUFFER_BYTES)];
        int read = 0;
        while (read < length) {
            if (read == bytes.length) {
                // Only as the file proves to have them: a damaged length must not take all memory.
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
            }
            if (next == end && !fill()) {
                throw new EOFException("the file ends within a value of " + length + " bytes");
            }
            int count = Math.min(bytes.length - read, end - next);
            System.arraycopy(buffer, next, bytes, read, count);
            next += count;
            read += count;
        }
        return bytes;
    }

    String readString() throws IOException {
        byte @Nullable [] bytes = readBuffer();
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    List<Acl> readAcl() throws IOException {
        int count = readInt();
        if (count > MOST_ENTRIES || count < -1) {
            throw new IOException("an ACL of " + count + " entries");
        }
        List<Acl> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int perms = readInt();
            String scheme = readString();
            entries.add(new Acl(perms, new Id(scheme, readString())));
        }
        return entries;
    }

    private int readByte() throws IOException {
        if (next == end && !fill()) {
            throw new EOFException("the file ends too early");
        }
        return buffer[next++] & 0xff;
    }

    private boolean fill() throws IOException {
        checksum();
        before += end;
        next = 0;
        summed = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
