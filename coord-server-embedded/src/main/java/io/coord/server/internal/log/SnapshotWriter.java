package io.coord.server.internal.log;

import io.netty.buffer.ByteBuf;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Writes a snapshot to a temporary name and, when it is whole and durable, gives it its own. Background thread. After any
 * exception it can only be closed.
 */
public final class SnapshotWriter implements Closeable {
    /** So much is synced at a time that the log's own syncs do not wait long behind it. */
    private static final int SYNC_BYTES = 4 << 20;

    private final LogDirectory directory;
    private final LogFormat.Header header;
    private final String temporary;
    private final LogFile file;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer chunkHeader = ByteBuffer.allocateDirect(LogFormat.TRAILER_BYTES);
    private long position = LogFormat.HEADER_BYTES;
    private long syncedPosition;
    private long chunks;
    private long bytes;

    private SnapshotWriter(LogDirectory directory, LogFormat.Header header, String temporary, LogFile file) {
        this.directory = directory;
        this.header = header;
        this.temporary = temporary;
        this.file = file;
    }

    static SnapshotWriter create(LogDirectory directory, UUID logId, long lastIndex) throws IOException {
        LogFormat.Header header = LogFormat.Header.of(LogFormat.SNAPSHOT_MAGIC, logId, lastIndex);
        String temporary = LogFormat.snapshotName(lastIndex) + LogFormat.TEMPORARY;
        directory.delete(temporary);
        LogFile file = directory.create(temporary);
        try {
            file.write(header.encode(LogFormat.SNAPSHOT_MAGIC), 0);
            return new SnapshotWriter(directory, header, temporary, file);
        } catch (IOException e) {
            try (file) {
                directory.delete(temporary);
            } catch (IOException leftOver) {
                e.addSuppressed(leftOver);
            }
            throw e;
        }
    }

    public long lastIndex() {
        return header.index();
    }

    /** Appends the readable bytes as one chunk; an empty buffer adds nothing. */
    public void write(ByteBuf chunk) throws IOException {
        int length = chunk.readableBytes();
        if (length == 0) {
            return;
        }
        if (length > LogFormat.MAX_CHUNK_BYTES) {
            throw new IOException("a snapshot's chunk of " + length + " bytes");
        }
        chunkHeader.clear().putInt(0).putInt(length).putLong(chunks).flip();
        startCrc();
        crc.update(chunk.nioBuffer());
        chunkHeader.putInt(0, (int) crc.getValue()).position(0);
        file.write(chunkHeader, position);
        file.write(chunk.nioBuffer(), position + LogFormat.CHUNK_HEADER_BYTES);
        position += LogFormat.CHUNK_HEADER_BYTES + length;
        bytes += length;
        chunks++;
        if (position - syncedPosition >= SYNC_BYTES) {
            file.sync();
            syncedPosition = position;
        }
    }

    /** Ends the snapshot. From the return on it is durable; after an exception it may or may not be there, whole. */
    void finish() throws IOException {
        chunkHeader
                .clear()
                .putInt(0)
                .putInt(LogFormat.TRAILER_LENGTH)
                .putLong(chunks)
                .putLong(bytes)
                .flip();
        startCrc();
        chunkHeader.putInt(0, (int) crc.getValue()).position(0);
        file.write(chunkHeader, position);
        file.sync();
        directory.rename(temporary, LogFormat.snapshotName(header.index()));
        directory.sync();
    }

    private void startCrc() {
        crc.reset();
        crc.update(header.salt());
        crc.update(chunkHeader.position(LogFormat.CRC_BYTES));
        chunkHeader.position(0);
    }

    /** Removes the temporary file of a snapshot that will not be finished. */
    void abandon() throws IOException {
        try (file) {
            directory.delete(temporary);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
