package io.coord.server.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the next segment with zeros before it is needed, on the background thread. Thread-safe: a finished file crosses
 * through one atomic reference.
 */
final class SegmentPreallocator {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentPreallocator.class);
    private static final String NAME = LogFormat.temporarySegmentName("next");
    /** So small a piece is synced at a time that the log's own syncs do not wait long behind it. */
    private static final int PIECE_BYTES = 2 << 20;

    private final LogDirectory directory;
    private final Background background;
    private final AtomicReference<@Nullable Prepared> prepared = new AtomicReference<>();
    private volatile boolean requested;

    SegmentPreallocator(LogDirectory directory, Background background) {
        this.directory = directory;
        this.background = background;
    }

    record Prepared(String name, LogFile file, long size) {}

    /** Log thread: asks for a segment, unless one is under way. */
    void request(int size) {
        if (!requested) {
            requested = true;
            background.execute(() -> prepare(size));
        }
    }

    /** Log thread: the segment that was asked for, or null when it is not finished. */
    @Nullable
    Prepared take() {
        @Nullable Prepared taken = prepared.getAndSet(null);
        if (taken != null) {
            requested = false;
        }
        return taken;
    }

    /** Log thread, the background thread being at rest; what is left over is removed at the next start. */
    void close() throws IOException {
        @Nullable Prepared taken = prepared.getAndSet(null);
        if (taken != null) {
            taken.file().close();
        }
    }

    private void prepare(int size) {
        @Nullable LogFile file = null;
        try {
            directory.delete(NAME);
            file = directory.create(NAME);
            fill(file, size);
            if (!background.isStopping()) {
                prepared.set(new Prepared(NAME, file, size));
                file = null;
            }
        } catch (IOException e) {
            requested = false;
            LOG.warn(
                    "Cannot prepare the next log segment of {} bytes; writes go on, more slowly from there on",
                    size,
                    e);
        } finally {
            closeQuietly(file);
        }
    }

    private void fill(LogFile file, int size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(size, PIECE_BYTES));
        for (long at = 0; at < size && !background.isStopping(); at += zeros.capacity()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
            file.write(zeros, at);
            file.sync();
        }
    }

    private static void closeQuietly(@Nullable LogFile file) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.debug("Closing an unfinished log segment", e);
            }
        }
    }
}
