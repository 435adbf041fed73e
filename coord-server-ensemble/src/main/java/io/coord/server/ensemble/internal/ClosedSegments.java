package io.coord.server.ensemble.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Looks at the segments of a member's log that Ratis has closed, before Ratis does. It would cut the log at the first damage, and the
 * member would have forgotten what it acknowledged. A closed segment was synced as a whole, so no crash explains damage in it; the
 * open one may end in what a crash has torn, which Ratis cuts with a warning.
 *
 * <p>The format is that of Ratis 3 ({@code SegmentedRaftLogFormat}): a header, then for each entry its length as a varint, its bytes
 * and the CRC32C of both; zeros follow the last one.
 */
final class ClosedSegments {
    private static final Pattern NAME = Pattern.compile("log_(\\d+)-\\d+");
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int DEPTH = 3;
    private static final int VARINT_BITS = 7;
    private static final int MORE = 1 << VARINT_BITS;

    private ClosedSegments() {}

    /**
     * Reads them all.
     *
     * @param storage where Ratis keeps its files
     * @throws FileSystemException when one of them is damaged, with the file, the offset and the entry
     */
    static void check(Path storage) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(storage, DEPTH)) {
            files = found.filter(each -> NAME.matcher(name(each)).matches())
                    .sorted()
                    .toList();
        }
        for (Path each : files) {
            checkSegment(each);
        }
    }

    private static String name(Path file) {
        Path last = file.getFileName();
        return last == null ? "" : last.toString();
    }

    private static void checkSegment(Path file) throws IOException {
        Matcher named = NAME.matcher(name(file));
        if (!named.matches()) {
            throw new IllegalArgumentException(file + " is no closed segment");
        }
        long index = Long.parseLong(named.group(1));
        long size = Files.size(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            if (!Arrays.equals(in.readNBytes(HEADER.length), HEADER)) {
                throw damaged(file, 0, "the header");
            }
            long offset = HEADER.length;
            while (offset < size) {
                int first = in.read();
                if (first == 0) {
                    requireZeros(in, file, offset, index);
                    return;
                }
                offset += entryBytes(in, first, size - offset, file, offset, index);
                index++;
            }
        }
    }

    private static int entryBytes(InputStream in, int first, long left, Path file, long offset, long index)
            throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + 1);
        long length = 0;
        int next = first;
        while (true) {
            if (next < 0 || !head.hasRemaining()) {
                throw damaged(file, offset, "entry " + index);
            }
            length |= (long) (next & (MORE - 1)) << (VARINT_BITS * head.position());
            head.put((byte) next);
            if (next < MORE) {
                break;
            }
            next = in.read();
        }
        if (head.position() + length + Integer.BYTES > left) {
            throw damaged(file, offset, "entry " + index);
        }
        CRC32C checksum = new CRC32C();
        checksum.update(head.flip());
        checksum.update(in.readNBytes((int) length));
        byte[] stored = in.readNBytes(Integer.BYTES);
        if (stored.length < Integer.BYTES || ByteBuffer.wrap(stored).getInt() != (int) checksum.getValue()) {
            throw damaged(file, offset, "entry " + index);
        }
        return head.limit() + (int) length + Integer.BYTES;
    }

    private static void requireZeros(InputStream in, Path file, long offset, long index) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            for (int i = 0; i < count; i++) {
                if (buffer[i] != 0) {
                    throw damaged(file, offset, "entry " + index);
                }
            }
        }
    }

    private static FileSystemException damaged(Path file, long offset, String what) {
        return new FileSystemException(
                file.toString(),
                null,
                what + " at offset " + offset
                        + " is damaged. This member acknowledged what stands there, so it does not go on"
                        + " without it. While a majority of the others is in order, move its data directory away and start it:"
                        + " it gets everything from the leader");
    }
}
