package io.coord.server.internal.migration;

import io.coord.protocol.wire.MalformedRecordException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;

/**
 * Reads one log of ZooKeeper, front to back:
 *
 * <pre>
 * header       "ZKLG", version 4, database id 8
 * transaction  Adler-32 8, length 4, bytes, 'B'
 * zeros        to the end of the room that was taken in advance
 * </pre>
 *
 * Where no whole transaction is, the file ends; what is there may be zeros, the rest of a write that a crash cut short, or damage.
 * ZooKeeper takes it for the end of the file either way. Here the rest is searched, and a whole transaction in it proves damage.
 */
final class LogFileReader implements Closeable {
    private static final int MAGIC = 0x5a4b4c47;
    private static final int VERSION = 2;
    private static final int HEADER_BYTES = 16;
    /** Before a transaction's bytes. */
    private static final int PREFIX_BYTES = 12;

    private static final byte END_OF_RECORD = 'B';
    private static final int MOST_BYTES = 256 << 20;
    /** A transaction's own header; nothing shorter is one. */
    private static final int LEAST_BYTES = 32;

    private static final int WINDOW_BYTES = 1 << 20;
    private static final byte[] ZEROS = new byte[64 << 10];

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final Adler32 checksum = new Adler32();
    private byte[] window = new byte[WINDOW_BYTES];
    private ByteBuffer numbers = ByteBuffer.wrap(window);
    private long windowStart;
    private int windowLength;
    private long position = HEADER_BYTES;

    private LogFileReader(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.size = channel.size();
    }

    /** @return null when the file ends within its header: a server was stopped before it wrote anything */
    static @Nullable LogFileReader open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            LogFileReader reader = new LogFileReader(file, channel);
            if (!reader.load(0, HEADER_BYTES) || reader.restIsZeros(0)) {
                channel.close();
                return null;
            }
            if (reader.numbers.getInt(0) != MAGIC || reader.numbers.getInt(4) != VERSION) {
                throw ImportRefusedException.damaged(file, 0, "This is no log of ZooKeeper in format " + VERSION, null);
            }
            return reader;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Where the next transaction begins, or the rest of the file. */
    long position() {
        return position;
    }

    /**
     * The next transaction, or null where there is none.
     *
     * @throws ImportRefusedException when it is whole and cannot be understood
     */
    @Nullable
    Transaction next() throws IOException {
        int length = wholeAt(position);
        if (length < 0) {
            return null;
        }
        int start = (int) (position - windowStart) + PREFIX_BYTES;
        byte[] bytes = new byte[length];
        System.arraycopy(window, start, bytes, 0, length);
        try {
            Transaction transaction = TransactionDecoder.decode(bytes);
            position += PREFIX_BYTES + length + 1;
            return transaction;
        } catch (MalformedRecordException e) {
            throw ImportRefusedException.damaged(
                    file, position, "A transaction is whole but cannot be understood: " + e.getMessage(), e);
        }
    }

    /**
     * How many bytes there are behind the last transaction; 0 when they are nothing but zeros.
     *
     * @throws ImportRefusedException when a whole transaction follows: then what is before it is damaged
     */
    long tornBytes() throws IOException {
        if (restIsZeros(position)) {
            return 0;
        }
        for (long at = position + 1; at < size; at++) {
            if (wholeAt(at) >= 0) {
                throw ImportRefusedException.damaged(
                        file,
                        position,
                        "The log is damaged: there is no whole transaction here, but one at offset " + at,
                        null);
            }
        }
        return size - position;
    }

    /** The length of the transaction that begins at an offset, -1 when none does. */
    private int wholeAt(long at) throws IOException {
        if (!load(at, PREFIX_BYTES)) {
            return -1;
        }
        int start = (int) (at - windowStart);
        int length = numbers.getInt(start + 8);
        long expected = numbers.getLong(start);
        if (expected >>> Integer.SIZE != 0
                || length < LEAST_BYTES
                || length > MOST_BYTES
                || at + PREFIX_BYTES + length + 1 > size) {
            return -1;
        }
        if (!load(at + PREFIX_BYTES + length, 1)
                || window[(int) (at + PREFIX_BYTES + length - windowStart)] != END_OF_RECORD) {
            return -1;
        }
        if (!load(at, PREFIX_BYTES + length + 1)) {
            return -1;
        }
        checksum.reset();
        checksum.update(window, (int) (at - windowStart) + PREFIX_BYTES, length);
        return checksum.getValue() == expected ? length : -1;
    }

    private boolean restIsZeros(long from) throws IOException {
        long at = from;
        while (at < size && load(at, 1)) {
            int start = (int) (at - windowStart);
            int length = Math.min(windowLength - start, ZEROS.length);
            if (Arrays.mismatch(window, start, start + length, ZEROS, 0, length) >= 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** Brings bytes into the window; false when the file ends before. */
    private boolean load(long from, int length) throws IOException {
        if (from >= windowStart && from + length <= windowStart + windowLength) {
            return true;
        }
        if (from + length > size) {
            return false;
        }
        if (length > window.length) {
            window = new byte[length];
            numbers = ByteBuffer.wrap(window);
        }
        windowStart = from;
        windowLength = 0;
        ByteBuffer into = ByteBuffer.wrap(window);
        while (into.hasRemaining()) {
            int read = channel.read(into, from + windowLength);
            if (read < 0) {
                break;
            }
            windowLength += read;
        }
        return windowLength >= length;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
