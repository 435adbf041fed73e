package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.ReplicatedState;
import io.coord.server.internal.runtime.StateMailbox;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the state now and then: slice by slice on the owner, each written by the thread {@code coord-ensemble-snapshot} while the
 * state goes on. Fields belong to the owner, but for the file.
 */
final class SnapshotSaver {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSaver.class);
    private static final int SLICE_BYTES = 256 << 10;
    private static final long DUE_BYTES = 64 << 20;

    private final ReplicatedState state;
    private final StateMailbox mailbox;
    private final RaftNode node;
    private final int dueCommands;
    private final ThreadPoolExecutor writing = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            SnapshotSaver::newThread,
            new ThreadPoolExecutor.DiscardPolicy());

    private long commandsSince;
    private long bytesSince;
    private long lastBytes;
    private long savedBytes;
    private boolean closed;
    private ReplicatedState.@Nullable SnapshotCut cut;
    /** The writing thread's. */
    private @Nullable SnapshotFile file;
    /** The writing thread's: what the file is of. */
    private ReplicatedState.@Nullable SnapshotCut fileOf;

    SnapshotSaver(ReplicatedState state, StateMailbox mailbox, RaftNode node, int dueCommands) {
        this.state = state;
        this.mailbox = mailbox;
        this.node = node;
        this.dueCommands = dueCommands;
        writing.allowCoreThreadTimeOut(true);
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "coord-ensemble-snapshot");
        thread.setDaemon(true);
        return thread;
    }

    /** Commands were applied. */
    void onApplied(int commands, int bytes) {
        commandsSince += commands;
        bytesSince += bytes;
    }

    /** Between two entries: the moment to begin, if it is due. */
    void beginIfDue(long term, long index) {
        // A large state is not written again for a handful of changes.
        boolean due = commandsSince >= dueCommands || bytesSince >= DUE_BYTES;
        if (due && bytesSince >= lastBytes && cut == null && !closed) {
            commandsSince = 0;
            bytesSince = 0;
            savedBytes = 0;
            ReplicatedState.SnapshotCut begun = state.beginSnapshot();
            cut = begun;
            takeSlice(begun, term, index);
        }
    }

    private void takeSlice(ReplicatedState.SnapshotCut begun, long term, long index) {
        if (cut != begun || closed) {
            writing.execute(this::removeFile);
            return;
        }
        ByteBuf slice = Unpooled.buffer(SLICE_BYTES);
        boolean more = begun.writeNext(slice);
        savedBytes += slice.readableBytes();
        writing.execute(() -> write(begun, term, index, slice, more));
    }

    private void write(ReplicatedState.SnapshotCut begun, long term, long index, ByteBuf slice, boolean more) {
        try {
            if (fileOf != begun) {
                removeFile();
            }
            SnapshotFile current = file;
            if (current == null) {
                current = SnapshotFile.create(node.snapshotDirectory());
                file = current;
                fileOf = begun;
            }
            current.write(slice);
            if (more) {
                mailbox.offer(() -> takeSlice(begun, term, index));
                return;
            }
            SingleFileSnapshotInfo saved = current.finish(term, index);
            file = null;
            node.onSaved(saved);
            mailbox.offer(() -> onSaved(begun, index));
        } catch (IOException | RuntimeException e) {
            removeFile();
            mailbox.offer(() -> onNotSaved(begun, index, e));
        }
    }

    private void removeFile() {
        SnapshotFile current = file;
        file = null;
        if (current != null) {
            try {
                current.abandon();
            } catch (IOException e) {
                LOG.info("An unfinished snapshot stays until the next one", e);
            }
        }
    }

    private void onSaved(ReplicatedState.SnapshotCut begun, long index) {
        LOG.debug("Snapshot of index {} is durable, {} bytes", index, savedBytes);
        lastBytes = savedBytes;
        end(begun);
    }

    private void onNotSaved(ReplicatedState.SnapshotCut begun, long index, Exception reason) {
        if (cut == begun && !closed) {
            LOG.warn("Cannot save a snapshot of index {}. The log grows until one succeeds.", index, reason);
        }
        end(begun);
    }

    private void end(ReplicatedState.SnapshotCut begun) {
        if (cut == begun) {
            cut = null;
            begun.abandon();
        }
    }

    /** The state is about to be replaced by another member's. */
    void abandon() {
        commandsSince = 0;
        bytesSince = 0;
        ReplicatedState.SnapshotCut begun = cut;
        if (begun != null) {
            end(begun);
        }
    }

    /** Nothing is saved any more. */
    void close() {
        closed = true;
        abandon();
    }

    /** Any thread: waits until the writing thread has done. */
    void awaitEnd() throws InterruptedException {
        writing.execute(this::removeFile);
        writing.shutdown();
        if (!writing.awaitTermination(1, TimeUnit.MINUTES)) {
            LOG.warn("A snapshot is still being written; the server ends all the same");
        }
    }
}
