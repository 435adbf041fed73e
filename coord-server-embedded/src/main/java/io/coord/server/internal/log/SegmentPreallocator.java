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
 *
 * <p>A preparation that fails gives back the room that it took, and is tried again behind the next roll, not before.
 */
final class SegmentPreallocator {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentPreallocator.class);
    private static final String NAME = LogFormat.temporarySegmentName("next");
    /** So small a piece is synced at a time that the log's own syncs do not wait long behind it. */
    private static final int PIECE_BYTES = 2 << 20;

    private final LogDirectory directory;
    private final Background background;
    private final AtomicReference<@Nullable Prepared> prepared = new AtomicReference<>();
    /** Log thread's. */
    private boolean requested;

    private volatile boolean failed;
    /** Background thread's: one warning until a preparation succeeds. */
    private boolean warned;

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

    /** Log thread: whether {@link #take} would answer a segment. */
    boolean isReady() {
        return prepared.get() != null;
    }

    /** Log thread, at each roll: the segment that was asked for, or null when it is not finished. */
    @Nullable
    Prepared take() {
        @Nullable Prepared taken = prepared.getAndSet(null);
        if (taken != null || failed) {
            failed = false;
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
            if (background.isStopping()) {
                file.close();
            } else {
                prepared.set(new Prepared(NAME, file, size));
                warned = false;
            }
        } catch (IOException | RuntimeException | Error e) {
            failed = true;
            discard(file, e);
            warn(size, e);
        }
    }

    /** Other files need the room of this one. */
    private void discard(@Nullable LogFile file, Throwable reason) {
        try {
            if (file != null) {
                file.close();
            }
            directory.delete(NAME);
            directory.sync();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private void warn(int size, Throwable reason) {
        if (warned) {
            LOG.debug("Again cannot prepare a log segment of {} bytes", size, reason);
            return;
        }
        warned = true;
        LOG.warn(
                "Cannot prepare the next log segment of {} bytes; writes go on, more slowly from there on, and each new "
                        + "segment tries again",
                size,
                reason);
    }

    private void fill(LogFile file, int size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(size, PIECE_BYTES));
        for (long at = 0; at < size && !background.isStopping(); at += zeros.capacity()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
            file.write(zeros, at);
            file.sync();
        }
    }
}
