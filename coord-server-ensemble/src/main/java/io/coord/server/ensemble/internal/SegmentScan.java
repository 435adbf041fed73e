package io.coord.server.ensemble.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a segment of Ratis's log found.
 *
 * <p>The format is that of Ratis 3 ({@code SegmentedRaftLogFormat}): a header, then for each entry its length as a varint, its bytes
 * and the CRC32C of both; zeros follow the last one. An entry is a protobuf message that begins with its term and its index.
 *
 * @param next the index behind the last whole entry
 * @param end where that entry ends; 0 when the header is not whole
 * @param unsynced where the first entry begins that is not known to be synced; {@code end} when there is none
 * @param clean whether nothing but zeros follows
 */
record SegmentScan(Path file, long first, long next, long end, long unsynced, boolean clean) {
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * Reads a segment.
     *
     * @param first the index that its name says
     * @param last the last index to be read; what is behind it does not matter
     * @param synced up to which index the log is known to be synced
     */
    static SegmentScan of(Path file, long first, long last, long synced) throws IOException {
        long size = Files.size(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            if (!Arrays.equals(in.readNBytes(HEADER.length), HEADER)) {
                return new SegmentScan(file, first, first, 0, 0, size == 0);
            }
            Pass pass = new Pass(in, size, first);
            while (pass.next <= last && pass.readEntry()) {
                if (pass.next - 1 <= synced) {
                    pass.unsynced = pass.end;
                }
            }
            boolean clean = pass.next > last || pass.onlyZerosFollow();
            return new SegmentScan(file, first, pass.next, pass.end, pass.unsynced, clean);
        }
    }

    private static final class Pass {
        private final InputStream in;
        private final long size;
        private long next;
        private long end = HEADER.length;
        private long unsynced = HEADER.length;
        private boolean damaged;

        Pass(InputStream in, long size, long first) {
            this.in = in;
            this.size = size;
            this.next = first;
        }

        boolean readEntry() throws IOException {
            int firstByte = in.read();
            if (firstByte <= 0) {
                return false;
            }
            byte @Nullable [] entry = readWhole(firstByte);
            if (entry == null || EntryHead.indexOf(ByteBuffer.wrap(entry)) != next) {
                damaged = true;
                return false;
            }
            end += entry.length + Integer.BYTES;
            next++;
            return true;
        }

        /** The length and the bytes of an entry; null when it is not whole. */
        private byte @Nullable [] readWhole(int firstByte) throws IOException {
            ByteBuffer length = ByteBuffer.allocate(EntryHead.MOST_LENGTH_BYTES);
            int read = firstByte;
            while (read >= EntryHead.MORE && length.remaining() > 1) {
                length.put((byte) read);
                read = in.read();
            }
            if (read < 0) {
                return null;
            }
            length.put((byte) read).flip();
            int head = length.limit();
            long bytes = EntryHead.readVarint(length);
            if (bytes <= 0 || head + bytes + Integer.BYTES > size - end) {
                return null;
            }
            byte[] entry = Arrays.copyOf(length.array(), head + (int) bytes);
            byte[] stored = new byte[Integer.BYTES];
            if (in.readNBytes(entry, head, (int) bytes) < bytes
                    || in.readNBytes(stored, 0, stored.length) < stored.length) {
                return null;
            }
            CRC32C checksum = new CRC32C();
            checksum.update(entry);
            return ByteBuffer.wrap(stored).getInt() == (int) checksum.getValue() ? entry : null;
        }

        boolean onlyZerosFollow() throws IOException {
            if (damaged) {
                return false;
            }
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    if (buffer[i] != 0) {
                        return false;
                    }
                }
            }
            return true;
        }
    }
}
