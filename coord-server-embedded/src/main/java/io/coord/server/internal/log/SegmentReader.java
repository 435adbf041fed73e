package io.coord.server.internal.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment front to back, with large reads. Log thread.
 *
 * <p>What follows the last whole record is either zeros (room that was never used), the rest of a write that a crash cut
 * short, or damage. The three are told apart by {@link #provesSynced}.
 */
final class SegmentReader implements Closeable {
    private static final int WINDOW_BYTES = 1 << 20;
    /**
     * How far an index may lie from the expected one: further than any segment reaches, so that records which lack their
     * predecessors are seen too, and near enough that bytes by chance are not.
     */
    private static final long INDEX_WINDOW = 1L << 32;

    private static final byte[] ZEROS = new byte[64 << 10];

    private final LogFile file;
    private final UUID logId;
    private final byte[] salt;
    private final long fileSize;
    private final CRC32C crc = new CRC32C();

    private byte[] window;
    private ByteBuffer numbers;
    private ByteBuf view;
    private long windowStart;
    private int windowLength;

    private long position = LogFormat.HEADER_BYTES;
    private int kind;
    private long index;
    private long synced;
    private int payloadStart;
    private int payloadLength;
    private long searchBytes;

    private SegmentReader(LogFile file, LogFormat.Header header) throws IOException {
        this.file = file;
        this.logId = header.logId();
        this.salt = header.salt();
        this.fileSize = file.size();
        this.window = new byte[(int) Math.min(WINDOW_BYTES, fileSize)];
        this.numbers = ByteBuffer.wrap(window);
        this.view = Unpooled.wrappedBuffer(window);
    }

    /** Opens a segment and checks its header. */
    static SegmentReader open(LogDirectory directory, long firstIndex, @Nullable UUID logId) throws IOException {
        String name = LogFormat.segmentName(firstIndex);
        LogFile file = directory.open(name);
        try {
            LogFormat.Header header =
                    LogFormat.readHeader(directory, name, file, LogFormat.SEGMENT_MAGIC, firstIndex, logId);
            return new SegmentReader(file, header);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Moves to the next record.
     *
     * @param expected the index that an entry has to have; a mark has the one before
     * @return false, without moving, when there is no such record here
     */
    boolean next(long expected) throws IOException {
        if (!parse(position)) {
            return false;
        }
        if (index != (kind == LogFormat.ENTRY ? expected : expected - 1)) {
            return false;
        }
        position += LogFormat.RECORD_HEADER_BYTES + payloadLength;
        return true;
    }

    /** Forgets what it has read of the file: a writer may have gone on. */
    void refresh() {
        windowLength = 0;
    }

    /**
     * Moves to the next whole record behind the current position, whatever its index, past anything that is none.
     *
     * @return false, without moving, when there is none
     */
    boolean skipToRecord() throws IOException {
        long nonZero = nextNonZero(position + 1);
        long at = position + 1;
        while (nonZero >= 0) {
            at = Math.max(at, nonZero - LogFormat.CRC_BYTES);
            if (isPlausible(at) && parse(at)) {
                position = at;
                return true;
            }
            at++;
            nonZero = nextNonZero(at);
        }
        return false;
    }

    /** Before a checksum is worth its while: what a record's numbers can be. */
    private boolean isPlausible(long at) throws IOException {
        if (!load(at, LogFormat.RECORD_HEADER_BYTES)) {
            return false;
        }
        int start = (int) (at - windowStart);
        long foundIndex = numbers.getLong(start + 8);
        long foundSynced = numbers.getLong(start + 16);
        return foundIndex >= 0
                && foundSynced >= 0
                && foundSynced <= foundIndex
                && foundIndex - foundSynced < INDEX_WINDOW;
    }

    /** Whether {@link #next} would move. */
    boolean isAt(long expected) throws IOException {
        return parse(position) && index == (kind == LogFormat.ENTRY ? expected : expected - 1);
    }

    /** Of the whole record here: its own index if it is an entry, else that of the entry behind it. */
    long indexOfNextEntry() {
        return kind == LogFormat.ENTRY ? index : index + 1;
    }

    /** Copies the file up to an offset. */
    void copyTo(LogFile target, long end) throws IOException {
        copy(file, target, end);
    }

    static void copy(LogFile from, LogFile to, long end) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(WINDOW_BYTES);
        for (long at = 0; at < end; at += bytes.capacity()) {
            bytes.clear().limit((int) Math.min(bytes.capacity(), end - at));
            from.read(bytes, at);
            to.write(bytes.flip(), at);
        }
    }

    UUID logId() {
        return logId;
    }

    long fileSize() {
        return fileSize;
    }

    /** Where the next record begins, in bytes from the start of the file. */
    long position() {
        return position;
    }

    int kind() {
        return kind;
    }

    long index() {
        return index;
    }

    /** Up to which index the log was synced when this record was written. */
    long synced() {
        return synced;
    }

    /** Valid until the next move. */
    ByteBuf payload() {
        return view.setIndex(payloadStart, payloadStart + payloadLength);
    }

    /**
     * Whether a whole record behind the current position says that the log had been synced up to {@code expected}: then that
     * entry is damaged, not unfinished.
     *
     * <p>Any offset may be a record's, and an unfinished write may be full of bytes that look like one. So an offset costs a
     * few comparisons, and one that passes them no more than two blocks of checksumming, however long its record would be.
     */
    boolean provesSynced(long expected) throws IOException {
        PrefixChecksums checksums = new PrefixChecksums(file, position);
        crc.reset();
        crc.update(salt);
        int salted = (int) crc.getValue();
        boolean proven = false;
        long at = position;
        long nonZero = nextNonZero(at);
        while (nonZero >= 0 && !proven) {
            // The crc may be zero, the kind behind it is not.
            at = Math.max(at, nonZero - LogFormat.CRC_BYTES);
            proven = couldProve(at, expected) && hasItsChecksum(at, salted, checksums);
            at++;
            nonZero = nextNonZero(at);
        }
        searchBytes = checksums.checksummedBytes();
        return proven;
    }

    /** How many bytes the last {@link #provesSynced} put through a checksum. */
    long searchBytes() {
        return searchBytes;
    }

    /** Whether there is nothing but zeros behind the current position. */
    boolean atCleanEnd() throws IOException {
        return nextNonZero(position) < 0;
    }

    private long nextNonZero(long from) throws IOException {
        long at = from;
        while (at < fileSize) {
            if (!load(at, 1)) {
                return -1;
            }
            int start = (int) (at - windowStart);
            int length = Math.min(windowLength - start, ZEROS.length);
            int mismatch = Arrays.mismatch(window, start, start + length, ZEROS, 0, length);
            if (mismatch >= 0) {
                return at + mismatch;
            }
            at += length;
        }
        return -1;
    }

    private boolean couldProve(long at, long expected) throws IOException {
        if (!load(at, LogFormat.RECORD_HEADER_BYTES)) {
            return false;
        }
        int start = (int) (at - windowStart);
        int kindAndLength = numbers.getInt(start + 4);
        int foundKind = LogFormat.kind(kindAndLength);
        int length = LogFormat.length(kindAndLength);
        long foundIndex = numbers.getLong(start + 8);
        long foundSynced = numbers.getLong(start + 16);
        return foundKind >= LogFormat.ENTRY
                && foundKind <= LogFormat.SEAL
                && length <= (foundKind == LogFormat.ENTRY ? LogFormat.MAX_ENTRY_BYTES : 0)
                && at + LogFormat.RECORD_HEADER_BYTES + length <= fileSize
                && foundSynced >= expected
                && foundSynced <= foundIndex
                && foundIndex - expected < INDEX_WINDOW;
    }

    private boolean hasItsChecksum(long at, int salted, PrefixChecksums checksums) throws IOException {
        int start = (int) (at - windowStart);
        int length = LogFormat.length(numbers.getInt(start + 4));
        int actual = checksums.following(salted, at + LogFormat.CRC_BYTES, at + LogFormat.RECORD_HEADER_BYTES + length);
        return actual == numbers.getInt(start);
    }

    private boolean parse(long at) throws IOException {
        if (!load(at, LogFormat.RECORD_HEADER_BYTES)) {
            return false;
        }
        int start = (int) (at - windowStart);
        int kindAndLength = numbers.getInt(start + 4);
        int foundKind = LogFormat.kind(kindAndLength);
        int length = LogFormat.length(kindAndLength);
        if (foundKind < LogFormat.ENTRY || foundKind > LogFormat.SEAL || length > LogFormat.MAX_ENTRY_BYTES) {
            return false;
        }
        if (!load(at, LogFormat.RECORD_HEADER_BYTES + length)) {
            return false;
        }
        start = (int) (at - windowStart);
        crc.reset();
        crc.update(salt);
        crc.update(window, start + 4, LogFormat.RECORD_HEADER_BYTES - 4 + length);
        if ((int) crc.getValue() != numbers.getInt(start)) {
            return false;
        }
        kind = foundKind;
        index = numbers.getLong(start + 8);
        synced = numbers.getLong(start + 16);
        payloadStart = start + LogFormat.RECORD_HEADER_BYTES;
        payloadLength = length;
        return true;
    }

    /** Brings bytes into the window; false when the file ends before. */
    private boolean load(long from, int length) throws IOException {
        if (from >= windowStart && from + length <= windowStart + windowLength) {
            return true;
        }
        if (from + length > fileSize) {
            return false;
        }
        if (length > window.length) {
            window = new byte[length];
            numbers = ByteBuffer.wrap(window);
            view = Unpooled.wrappedBuffer(window);
        }
        windowStart = from;
        windowLength = file.read(ByteBuffer.wrap(window), from);
        return windowLength >= length;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
