package io.coord.server.internal.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends entries to the newest segment, batch by batch: any number of {@link #beginEntry} and {@link #endEntry}, then one
 * {@link #commit}. Log thread only.
 *
 * <p>After an {@link IOException} other than {@link DiskFullException} nobody knows what is on the disk; every later call
 * fails. A {@code DiskFullException} means that nothing of the batch is in the log, nor ever will be, and that the next
 * batch may be tried.
 *
 * <p>Each record carries the index up to which the log was synced when it was written. So a start can tell the rest of an
 * unfinished write, which was never acknowledged, from damage to something that was. What only a later record would say of
 * the last batch, a mark behind it says: it is written before the batch is acknowledged, so the system's memory has it, and
 * the next batch is written over it. {@link #confirm} makes it durable.
 */
public final class WriteAheadLog implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteAheadLog.class);
    private static final int WRITE_BYTES = 1 << 20;
    private static final int FIRST_BUFFER_BYTES = 16 << 10;
    private static final int KEPT_BUFFER_BYTES = 4 << 20;
    /** A batch that begins this close to the end of a segment starts the next one. */
    private static final int ROLL_RESERVE_BYTES = 256 << 10;

    private static final int GROWTH = 4;
    /**
     * With larger batches a sync writes so much that the blocks which it has to allocate do not matter, while zeros would
     * double what the disk has to take.
     */
    private static final int LARGE_BATCH_BYTES = 64 << 10;
    /** Batches that the average size is taken of, roughly. */
    private static final int AVERAGED_BATCHES = 64;
    /** So many small batches in a segment without zeros make one with zeros worth its while. */
    private static final int SMALL_BATCHES = 256;

    private final LogDirectory directory;
    private final LogConfig config;
    private final UUID logId;
    private final SegmentPreallocator preallocator;
    private final CRC32C crc = new CRC32C();

    private ByteBuf buffer;
    private LogFile file;
    private byte[] salt;
    private long targetBytes;
    private long position;
    private long segmentFirstIndex;
    /** Whether the segment was filled with zeros. */
    private boolean filled;
    /** In this segment. */
    private long commits;

    private int averageBatchBytes;

    private long lastIndex;
    private long syncedIndex;
    /** The highest synced index that a record in the file states. */
    private long statedIndex;

    private long writtenBytes;
    private boolean inBatch;
    private boolean fileTouched;
    private long batchPosition;
    private long batchIndex;
    private long batchStatedIndex;
    private int entryStart;
    private boolean failed;

    private WriteAheadLog(
            LogDirectory directory, LogConfig config, UUID logId, Background background, LogFile file, Tail tail) {
        this.directory = directory;
        this.config = config;
        this.logId = logId;
        this.preallocator = new SegmentPreallocator(directory, background);
        this.buffer = newBuffer();
        this.file = file;
        this.salt = tail.salt();
        this.position = tail.position();
        this.filled = tail.position() < tail.fileBytes();
        this.targetBytes = Math.max(tail.fileBytes(), filled ? config.firstSegmentBytes() : config.segmentBytes());
        this.segmentFirstIndex = tail.firstIndex();
        this.lastIndex = tail.lastIndex();
        this.syncedIndex = tail.syncedIndex();
        this.statedIndex = tail.statedIndex();
    }

    /** Where the newest segment ends. */
    record Tail(
            byte[] salt,
            long fileBytes,
            long firstIndex,
            long position,
            long lastIndex,
            long syncedIndex,
            long statedIndex) {}

    /** Goes on behind the last whole record of a segment. */
    static WriteAheadLog continued(
            LogDirectory directory, LogConfig config, UUID logId, Background background, LogFile file, Tail tail) {
        return new WriteAheadLog(directory, config, logId, background, file, tail);
    }

    /** Starts a new segment whose first entry follows {@code lastIndex}, all before it being durable. */
    static WriteAheadLog starting(
            LogDirectory directory, LogConfig config, UUID logId, Background background, long lastIndex)
            throws IOException {
        Created created =
                createSegment(directory, logId, lastIndex + 1, null, fillsAhead(config), config.firstSegmentBytes());
        Tail tail = new Tail(
                created.salt, created.size, lastIndex + 1, LogFormat.HEADER_BYTES, lastIndex, lastIndex, lastIndex);
        return new WriteAheadLog(directory, config, logId, background, created.file, tail);
    }

    /** The index of the last entry, written or not. */
    public long lastIndex() {
        return lastIndex;
    }

    /** How many bytes this object has written. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /**
     * Starts an entry.
     *
     * @return where its bytes are to be appended; throws {@link IndexOutOfBoundsException} when they become too many, and
     *     then {@link #cancelEntry} is due
     * @throws DiskFullException when the next segment finds no room; the batch is empty
     */
    public ByteBuf beginEntry() throws IOException {
        checkUsable();
        if (!inBatch) {
            guarded(this::beginBatch);
        }
        entryStart = buffer.writerIndex();
        return buffer.writeZero(LogFormat.RECORD_HEADER_BYTES);
    }

    /**
     * Ends the entry and gives it the next index.
     *
     * @return false, the entry being cancelled, when it is longer than an entry may be
     * @throws DiskFullException nothing of the whole batch is in the log; a new batch may begin
     */
    public boolean endEntry() throws IOException {
        int length = buffer.writerIndex() - entryStart - LogFormat.RECORD_HEADER_BYTES;
        if (length > LogFormat.MAX_ENTRY_BYTES) {
            cancelEntry();
            return false;
        }
        lastIndex++;
        finishRecord(LogFormat.ENTRY, length);
        if (buffer.readableBytes() >= WRITE_BYTES) {
            guarded(this::writeBuffer);
        }
        return true;
    }

    /** Forgets the entry that was begun. */
    public void cancelEntry() {
        buffer.writerIndex(entryStart);
    }

    /**
     * Makes the batch durable, as far as {@link Durability} asks for it. Only then may any of it be acknowledged.
     *
     * @throws DiskFullException nothing of the whole batch is in the log; a new batch may begin
     * @throws IOException all, a part or nothing of the batch may be in the log
     */
    public void commit() throws IOException {
        checkUsable();
        if (!inBatch) {
            return;
        }
        guarded(() -> {
            writeBuffer();
            if (config.durability() == Durability.FSYNC) {
                file.sync();
                syncedIndex = lastIndex;
                noteSynced();
            }
        });
        inBatch = false;
        if (buffer.capacity() > KEPT_BUFFER_BYTES) {
            buffer.release();
            buffer = newBuffer();
        }
        fillNextSegment();
    }

    private void fillNextSegment() {
        commits++;
        averageBatchBytes += (int) (position - batchPosition - averageBatchBytes) / AVERAGED_BATCHES;
        boolean isDue = position > targetBytes / 2 || (!filled && commits >= SMALL_BATCHES);
        if (isDue && fillsAhead(config) && averageBatchBytes <= LARGE_BATCH_BYTES) {
            preallocator.request(nextTargetBytes());
        }
    }

    /**
     * Says behind the last batch that it is synced, without a sync of its own and without moving the end of the log. A killed
     * process leaves it, a loss of power may not. On a full disk there is none, or a part of one, which is no record.
     */
    private void noteSynced() throws IOException {
        addMark(LogFormat.MARK);
        try {
            file.write(buffer.internalNioBuffer(buffer.readerIndex(), buffer.readableBytes()), position);
        } catch (DiskFullException e) {
            LOG.debug(
                    "No room for the mark behind index {}; the next record says what it would have said", lastIndex, e);
        }
        buffer.clear();
    }

    /** Whether {@link #confirm} would write anything. */
    public boolean isConfirmationDue() {
        return !failed && statedIndex < syncedIndex;
    }

    /**
     * Notes durably that all entries are synced. Until then a loss of power may leave nothing that says so of the last batch;
     * it would count as possibly unfinished, and damage to it as the crash's doing. Not within a batch.
     *
     * @return false when the disk is full; everything is as it was, and the next batch will say it
     */
    public boolean confirm() throws IOException {
        checkUsable();
        if (!isConfirmationDue()) {
            return true;
        }
        try {
            guarded(() -> {
                rememberBatchStart();
                writeMark(LogFormat.MARK);
                file.sync();
            });
        } catch (DiskFullException e) {
            return false;
        }
        inBatch = false;
        return true;
    }

    /** Releases what the log holds. Confirms nothing; the entries of a batch that was not committed may be in the file. */
    @Override
    public void close() throws IOException {
        failed = true;
        buffer.release();
        try {
            preallocator.close();
        } finally {
            file.close();
        }
    }

    private void beginBatch() throws IOException {
        rememberBatchStart();
        boolean isFull = position >= targetBytes - Math.min(ROLL_RESERVE_BYTES, targetBytes / GROWTH);
        if (lastIndex >= segmentFirstIndex && (isFull || (!filled && preallocator.isReady()))) {
            roll();
            rememberBatchStart();
        }
    }

    private void rememberBatchStart() {
        inBatch = true;
        fileTouched = false;
        batchPosition = position;
        batchIndex = lastIndex;
        batchStatedIndex = statedIndex;
    }

    /** A segment is whole on the disk before its successor has a name; so a name proves all that came before it. */
    private void roll() throws IOException {
        if (syncedIndex < lastIndex) {
            file.sync();
            syncedIndex = lastIndex;
        }
        SegmentPreallocator.@Nullable Prepared next = preallocator.take();
        Created created = createSegment(directory, logId, lastIndex + 1, next, false, nextTargetBytes());
        try {
            sealAndClose();
        } catch (IOException e) {
            created.file.close();
            throw e;
        }
        file = created.file;
        salt = created.salt;
        targetBytes = created.size;
        position = LogFormat.HEADER_BYTES;
        segmentFirstIndex = lastIndex + 1;
        filled = next != null;
        commits = 0;
        statedIndex = lastIndex;
    }

    /** The seal tells a start that a segment behind this one is missing; without it everything still works. */
    private void sealAndClose() throws IOException {
        try (LogFile sealed = file) {
            writeMark(LogFormat.SEAL);
            sealed.sync();
        } catch (DiskFullException e) {
            buffer.clear();
        }
    }

    private int nextTargetBytes() {
        return (int) Math.min(config.segmentBytes(), targetBytes * GROWTH);
    }

    private record Created(LogFile file, byte[] salt, long size) {}

    /**
     * @param filled whether to fill it with zeros on the spot when there is no prepared one
     * @param bytes how long it is to become when there is no prepared one
     */
    private static Created createSegment(
            LogDirectory directory,
            UUID logId,
            long firstIndex,
            SegmentPreallocator.@Nullable Prepared prepared,
            boolean filled,
            int bytes)
            throws IOException {
        LogFormat.Header header = LogFormat.Header.of(LogFormat.SEGMENT_MAGIC, logId, firstIndex);
        String name = prepared == null ? LogFormat.temporarySegmentName("new") : prepared.name();
        if (prepared == null) {
            directory.delete(name);
        }
        LogFile file = prepared == null ? directory.create(name) : prepared.file();
        try {
            if (prepared == null && filled) {
                file.write(ByteBuffer.allocateDirect(bytes), 0);
            }
            file.write(header.encode(LogFormat.SEGMENT_MAGIC), 0);
            file.sync();
            directory.rename(name, LogFormat.segmentName(firstIndex));
            directory.sync();
            return new Created(file, header.salt(), prepared == null ? bytes : prepared.size());
        } catch (IOException e) {
            discard(directory, name, file, e);
            throw e;
        }
    }

    /** What there is of a segment that got no name of its own takes no room any longer. */
    private static void discard(LogDirectory directory, String name, LogFile file, IOException reason) {
        try {
            file.close();
            directory.delete(name);
            directory.sync();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static boolean fillsAhead(LogConfig config) {
        return config.zeroFill() && config.durability() == Durability.FSYNC;
    }

    private void writeMark(int kind) throws IOException {
        addMark(kind);
        writeBuffer();
    }

    private void addMark(int kind) {
        entryStart = buffer.writerIndex();
        buffer.writeZero(LogFormat.RECORD_HEADER_BYTES);
        finishRecord(kind, 0);
    }

    private void finishRecord(int kind, int length) {
        int start = entryStart;
        buffer.setInt(start + 4, LogFormat.kindAndLength(kind, length));
        buffer.setLong(start + 8, lastIndex);
        buffer.setLong(start + 16, syncedIndex);
        crc.reset();
        crc.update(salt);
        crc.update(buffer.internalNioBuffer(start + 4, LogFormat.RECORD_HEADER_BYTES - 4 + length));
        buffer.setInt(start, (int) crc.getValue());
    }

    private void writeBuffer() throws IOException {
        int length = buffer.readableBytes();
        if (length > 0) {
            fileTouched = true;
            file.write(buffer.internalNioBuffer(buffer.readerIndex(), length), position);
            position += length;
            writtenBytes += length;
            statedIndex = syncedIndex;
            buffer.clear();
        }
    }

    /** A full disk leaves the log as it was before the batch; anything else ends it. */
    private void guarded(IoAction action) throws IOException {
        boolean done = false;
        try {
            action.run();
            done = true;
        } catch (DiskFullException e) {
            rollBack(e);
            done = true;
            throw e;
        } finally {
            if (!done) {
                failed = true;
            }
        }
    }

    private void rollBack(DiskFullException full) throws IOException {
        buffer.clear();
        if (fileTouched) {
            try {
                file.truncateDurably(batchPosition);
            } catch (IOException e) {
                e.addSuppressed(full);
                throw new IOException("the disk is full, and what had been written could not be taken back", e);
            }
        }
        position = batchPosition;
        lastIndex = batchIndex;
        statedIndex = batchStatedIndex;
        inBatch = false;
    }

    private void checkUsable() throws IOException {
        if (failed) {
            throw new IOException("the log has failed or is closed");
        }
    }

    private static ByteBuf newBuffer() {
        return Unpooled.directBuffer(
                FIRST_BUFFER_BYTES, WRITE_BYTES + LogFormat.MAX_ENTRY_BYTES + LogFormat.RECORD_HEADER_BYTES);
    }

    @FunctionalInterface
    private interface IoAction {
        void run() throws IOException;
    }
}
