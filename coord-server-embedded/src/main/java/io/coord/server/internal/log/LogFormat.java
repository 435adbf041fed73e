package io.coord.server.internal.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes on the disk, big-endian throughout.
 *
 * <pre>
 * header    magic 8, format version 4, log id 16, index 8, crc 4
 * record    crc 4, kind (4 bits) and length (28 bits) 4, index 8, synced index 8, payload
 * chunk     crc 4, length 4, number 8, bytes                              of a snapshot
 * trailer   crc 4, -1, number of chunks 8, their bytes 8
 * </pre>
 *
 * Each crc covers what follows it, preceded by the file's header crc. That ties a record to its file, and to a log id that
 * no client knows: no client can have bytes stored that would pass for a record.
 */
final class LogFormat {
    static final long SEGMENT_MAGIC = 0x434F4F52444C4F47L; // "COORDLOG"
    static final long SNAPSHOT_MAGIC = 0x434F4F5244534E50L; // "COORDSNP"
    static final int VERSION = 1;

    static final int HEADER_BYTES = 40;
    static final int RECORD_HEADER_BYTES = 24;
    static final int CHUNK_HEADER_BYTES = 16;
    static final int TRAILER_BYTES = 24;
    static final int TRAILER_LENGTH = -1;
    static final int CRC_BYTES = Integer.BYTES;

    static final int MAX_ENTRY_BYTES = 32 << 20;
    static final int MAX_CHUNK_BYTES = 256 << 20;

    /** A payload of the user's. */
    static final int ENTRY = 1;
    /** Says only that everything up to its index is synced; has the index of the entry before it. */
    static final int MARK = 2;
    /** Ends a segment: the next one exists. Otherwise as {@link #MARK}. */
    static final int SEAL = 3;

    static final String LOCK = "coord.lock";
    static final String TEMPORARY = ".tmp";
    private static final String SEGMENT_PREFIX = "segment-";
    private static final String SEGMENT_SUFFIX = ".log";
    private static final String SNAPSHOT_PREFIX = "snapshot-";
    private static final String SNAPSHOT_SUFFIX = ".snap";
    private static final int INDEX_DIGITS = 20;
    private static final int KIND_SHIFT = 28;
    private static final int LENGTH_MASK = (1 << KIND_SHIFT) - 1;

    private LogFormat() {}

    static int kindAndLength(int kind, int length) {
        return kind << KIND_SHIFT | length;
    }

    static int kind(int kindAndLength) {
        return kindAndLength >>> KIND_SHIFT;
    }

    static int length(int kindAndLength) {
        return kindAndLength & LENGTH_MASK;
    }

    static String segmentName(long firstIndex) {
        return SEGMENT_PREFIX + padded(firstIndex) + SEGMENT_SUFFIX;
    }

    static String snapshotName(long lastIndex) {
        return SNAPSHOT_PREFIX + padded(lastIndex) + SNAPSHOT_SUFFIX;
    }

    /** By hand, because a formatter's classes are a noticeable part of a cold start. */
    private static String padded(long index) {
        String digits = Long.toString(index);
        return "0".repeat(INDEX_DIGITS - digits.length()) + digits;
    }

    /** The index in a segment's name, or -1 when it is no such name. */
    static long segmentIndex(String name) {
        return indexIn(name, SEGMENT_PREFIX, SEGMENT_SUFFIX);
    }

    /** The index in a snapshot's name, or -1 when it is no such name. */
    static long snapshotIndex(String name) {
        return indexIn(name, SNAPSHOT_PREFIX, SNAPSHOT_SUFFIX);
    }

    /** Whether a name is that of a file which was never finished. */
    static boolean isTemporary(String name) {
        return name.endsWith(TEMPORARY) && (name.startsWith(SEGMENT_PREFIX) || name.startsWith(SNAPSHOT_PREFIX));
    }

    /** Whether a file is a snapshot or becomes one; all others are the log's. */
    static boolean isOfSnapshots(String name) {
        return name.startsWith(SNAPSHOT_PREFIX);
    }

    static String temporarySegmentName(String use) {
        return SEGMENT_PREFIX + use + TEMPORARY;
    }

    private static long indexIn(String name, String prefix, String suffix) {
        if (name.length() != prefix.length() + INDEX_DIGITS + suffix.length()
                || !name.startsWith(prefix)
                || !name.endsWith(suffix)) {
            return -1;
        }
        try {
            return Long.parseLong(name, prefix.length(), prefix.length() + INDEX_DIGITS, 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /**
     * What a file's header says.
     *
     * @param index of a segment, its first entry; of a snapshot, the last entry that it includes
     * @param salt what every crc of the file starts with
     */
    record Header(UUID logId, long index, byte[] salt) {
        static Header of(long magic, UUID logId, long index) {
            byte[] bytes = new byte[HEADER_BYTES];
            put(ByteBuffer.wrap(bytes), magic, logId, index);
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, HEADER_BYTES - CRC_BYTES);
            byte[] salt = new byte[CRC_BYTES];
            ByteBuffer.wrap(salt).putInt((int) crc.getValue());
            return new Header(logId, index, salt);
        }

        ByteBuffer encode(long magic) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(HEADER_BYTES);
            put(bytes, magic, logId, index);
            return bytes.put(salt).flip();
        }

        private static void put(ByteBuffer bytes, long magic, UUID logId, long index) {
            bytes.putLong(magic)
                    .putInt(VERSION)
                    .putLong(logId.getMostSignificantBits())
                    .putLong(logId.getLeastSignificantBits())
                    .putLong(index);
        }
    }

    /**
     * Reads and checks a file's header.
     *
     * @param expectedId the log that the file has to belong to, or null for any
     */
    static Header readHeader(
            LogDirectory directory,
            String name,
            LogFile file,
            long magic,
            long expectedIndex,
            @Nullable UUID expectedId)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES);
        int read = file.read(bytes, 0);
        bytes.flip();
        String path = directory.describe(name);
        if (read < HEADER_BYTES) {
            throw new LogDamagedException(
                    path, read, expectedIndex, "The file ends within its header", new EOFException());
        }
        if (bytes.getLong() != magic) {
            throw new LogDamagedException(path, 0, expectedIndex, "The file does not begin as a file of Coord", null);
        }
        int version = bytes.getInt();
        if (version > VERSION) {
            throw new LogMismatchException(path + " has format version " + version + "; this Coord reads up to "
                    + VERSION + ". Start the newer Coord that wrote it.");
        }
        UUID logId = new UUID(bytes.getLong(), bytes.getLong());
        long index = bytes.getLong();
        Header header = Header.of(magic, logId, index);
        if (version < 1 || ByteBuffer.wrap(header.salt()).getInt() != bytes.getInt()) {
            throw new LogDamagedException(path, 0, expectedIndex, "The header's checksum is wrong", null);
        }
        if (index != expectedIndex) {
            throw new LogDamagedException(
                    path, 0, expectedIndex, "The file was renamed: its header says index " + index, null);
        }
        if (expectedId != null && !expectedId.equals(logId)) {
            throw new LogMismatchException(path + " belongs to the log " + logId + ", its neighbours to " + expectedId
                    + ". Files of two servers were mixed in one directory; take the foreign ones out.");
        }
        return header;
    }
}
