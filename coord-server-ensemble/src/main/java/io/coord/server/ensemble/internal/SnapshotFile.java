package io.coord.server.ensemble.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * A state in a file, in Ratis's naming, with its MD5 beside it as Ratis wants it: a magic number and a version, then chunks, each with its
 * length and CRC32C, and a chunk of no bytes at the end. One writer at a time.
 */
final class SnapshotFile implements Closeable {
    private static final long MAGIC = 0x434f4f5244534e50L;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
    private static final int CHUNK_HEADER_BYTES = 2 * Integer.BYTES;
    private static final int MOST_CHUNK_BYTES = 64 << 20;
    private static final String UNFINISHED = "snapshot-unfinished";

    private final Path temporary;
    private final FileChannel channel;

    private SnapshotFile(Path temporary, FileChannel channel) {
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Starts a file; what an earlier one left unfinished goes. */
    static SnapshotFile create(Path directory) throws IOException {
        Path temporary = directory.resolve(UNFINISHED);
        FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        SnapshotFile file = new SnapshotFile(temporary, channel);
        file.writeFully(
                ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putInt(VERSION).flip());
        return file;
    }

    void write(ByteBuf chunk) throws IOException {
        if (chunk.isReadable()) {
            writeChunk(chunk.nioBuffer());
        }
    }

    /** Makes the file durable and gives it its name. */
    SingleFileSnapshotInfo finish(long term, long index) throws IOException {
        writeChunk(ByteBuffer.allocate(0));
        channel.force(true);
        channel.close();
        Path directory = Objects.requireNonNull(temporary.getParent());
        Path place = directory.resolve(SimpleStateMachineStorage.getSnapshotFileName(term, index));
        Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        MD5Hash digest = MD5FileUtil.computeMd5ForFile(place.toFile());
        MD5FileUtil.saveMD5File(place.toFile(), digest);
        sync(directory);
        return new SingleFileSnapshotInfo(new FileInfo(place, digest), term, index);
    }

    /** Removes what was written. */
    void abandon() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void writeChunk(ByteBuffer bytes) throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate());
        writeFully(ByteBuffer.allocate(CHUNK_HEADER_BYTES)
                .putInt(bytes.remaining())
                .putInt((int) checksum.getValue())
                .flip());
        writeFully(bytes);
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void sync(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
                opened.force(true);
            }
        }
    }

    /**
     * Reads a file to its end.
     *
     * @param onChunk is handed each chunk, and may keep it
     * @throws IOException when it is not whole, with the place of the damage
     */
    static void read(Path file, Consumer<ByteBuf> onChunk) throws IOException {
        long offset = HEADER_BYTES;
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            if (in.readLong() != MAGIC) {
                throw damaged(file, 0, "it does not begin as a snapshot does", null);
            }
            int version = in.readInt();
            if (version != VERSION) {
                throw damaged(file, Long.BYTES, "it has format " + version + ", this Coord reads " + VERSION, null);
            }
            while (true) {
                int length = in.readInt();
                int checksum = in.readInt();
                if (length < 0 || length > MOST_CHUNK_BYTES) {
                    throw damaged(file, offset, "a chunk of " + length + " bytes", null);
                }
                byte[] bytes = new byte[length];
                in.readFully(bytes);
                CRC32C found = new CRC32C();
                found.update(bytes);
                if ((int) found.getValue() != checksum) {
                    throw damaged(file, offset, "a wrong checksum", null);
                }
                if (length == 0) {
                    return;
                }
                offset += CHUNK_HEADER_BYTES + length;
                onChunk.accept(Unpooled.wrappedBuffer(bytes));
            }
        } catch (EOFException e) {
            throw damaged(file, offset, "it ends too soon", e);
        }
    }

    private static IOException damaged(Path file, long offset, String what, @Nullable EOFException cause) {
        IOException damaged = new IOException("Snapshot " + file + " is damaged at offset " + offset + ": " + what
                + ". While all other members run and have caught up, and only then, this member's directory may be emptied: it gets"
                + " everything from them.");
        if (cause != null) {
            damaged.initCause(cause);
        }
        return damaged;
    }
}
