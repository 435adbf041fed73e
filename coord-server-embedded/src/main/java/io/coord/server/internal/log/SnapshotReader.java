package io.coord.server.internal.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a snapshot file chunk by chunk. Log thread. */
final class SnapshotReader implements Closeable {
    private final String path;
    private final LogFile file;
    private final LogFormat.Header header;
    private final long fileSize;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer chunkHeader = ByteBuffer.allocate(LogFormat.TRAILER_BYTES);
    private byte[] chunk = {};
    private long position = LogFormat.HEADER_BYTES;
    private long chunks;
    private long bytes;

    private SnapshotReader(String path, LogFile file, LogFormat.Header header) throws IOException {
        this.path = path;
        this.file = file;
        this.header = header;
        this.fileSize = file.size();
    }

    static SnapshotReader open(LogDirectory directory, long lastIndex, @Nullable UUID logId) throws IOException {
        String name = LogFormat.snapshotName(lastIndex);
        LogFile file = directory.open(name);
        try {
            LogFormat.Header header =
                    LogFormat.readHeader(directory, name, file, LogFormat.SNAPSHOT_MAGIC, lastIndex, logId);
            return new SnapshotReader(directory.describe(name), file, header);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    UUID logId() {
        return header.logId();
    }

    /** The last entry that the snapshot includes. */
    long index() {
        return header.index();
    }

    /** Where the next chunk begins, in bytes from the start of the file. */
    long position() {
        return position;
    }

    long fileSize() {
        return fileSize;
    }

    /** Copies the whole file. */
    void copyTo(LogFile target) throws IOException {
        SegmentReader.copy(file, target, fileSize);
    }

    /**
     * The next chunk in a buffer of its own, or null behind the last one.
     *
     * @throws LogDamagedException when it is not as it was written
     */
    @Nullable
    ByteBuf next() throws IOException {
        int length = readChunk(false);
        return length < 0 ? null : Unpooled.wrappedBuffer(chunk, 0, length);
    }

    /**
     * Goes over the next chunk as {@link #next} does, without keeping it; false behind the last one.
     *
     * @throws LogDamagedException when it is not as it was written
     */
    boolean check() throws IOException {
        return readChunk(true) >= 0;
    }

    /**
     * Leaves the chunk out that {@link #next} could not read, if its length is one that it can have. What follows has checksums
     * of its own.
     *
     * @return whether anything can follow
     */
    boolean skipDamaged() throws IOException {
        if (fileSize - position < LogFormat.CHUNK_HEADER_BYTES) {
            return false;
        }
        file.read(chunkHeader.clear().limit(LogFormat.CHUNK_HEADER_BYTES), position);
        int length = chunkHeader.getInt(LogFormat.CRC_BYTES);
        if (length <= 0
                || length > LogFormat.MAX_CHUNK_BYTES
                || length > fileSize - position - LogFormat.CHUNK_HEADER_BYTES) {
            return false;
        }
        position += LogFormat.CHUNK_HEADER_BYTES + length;
        bytes += length;
        chunks++;
        return true;
    }

    private int readChunk(boolean reuse) throws IOException {
        int headerBytes = (int) Math.min(LogFormat.TRAILER_BYTES, fileSize - position);
        if (headerBytes < LogFormat.CHUNK_HEADER_BYTES) {
            throw damaged("The snapshot ends before its last chunk");
        }
        file.read(chunkHeader.clear().limit(headerBytes), position);
        chunkHeader.flip();
        int expectedCrc = chunkHeader.getInt();
        int length = chunkHeader.getInt();
        if (length == LogFormat.TRAILER_LENGTH) {
            checkTrailer(expectedCrc, headerBytes);
            return -1;
        }
        if (length <= 0
                || length > LogFormat.MAX_CHUNK_BYTES
                || length > fileSize - position - LogFormat.CHUNK_HEADER_BYTES) {
            throw damaged("A chunk of the snapshot has the impossible length " + length);
        }
        if (!reuse || chunk.length < length) {
            chunk = new byte[length];
        }
        file.read(ByteBuffer.wrap(chunk, 0, length), position + LogFormat.CHUNK_HEADER_BYTES);
        startCrc(LogFormat.CHUNK_HEADER_BYTES);
        crc.update(chunk, 0, length);
        if ((int) crc.getValue() != expectedCrc || chunkHeader.getLong(8) != chunks) {
            throw damaged("The checksum of a snapshot's chunk is wrong");
        }
        position += LogFormat.CHUNK_HEADER_BYTES + length;
        bytes += length;
        chunks++;
        return length;
    }

    private void checkTrailer(int expectedCrc, int headerBytes) throws LogDamagedException {
        if (headerBytes < LogFormat.TRAILER_BYTES) {
            throw damaged("The snapshot ends within its trailer");
        }
        startCrc(LogFormat.TRAILER_BYTES);
        if ((int) crc.getValue() != expectedCrc
                || chunkHeader.getLong(8) != chunks
                || chunkHeader.getLong(16) != bytes) {
            throw damaged("The snapshot's trailer does not fit what is before it");
        }
        if (position + LogFormat.TRAILER_BYTES != fileSize) {
            throw damaged("There is something behind the snapshot's end");
        }
    }

    private void startCrc(int headerBytes) {
        crc.reset();
        crc.update(header.salt());
        crc.update(chunkHeader.array(), LogFormat.CRC_BYTES, headerBytes - LogFormat.CRC_BYTES);
    }

    private LogDamagedException damaged(String what) {
        return new LogDamagedException(path, position, header.index(), what, null);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
