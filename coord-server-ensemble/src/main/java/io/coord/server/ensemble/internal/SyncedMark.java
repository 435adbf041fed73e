package io.coord.server.ensemble.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code synced} in a member's directory: up to which entry its log was synced, and so may have been acknowledged to others. What
 * a crash tears lies behind that; anything wrong before it is damage.
 *
 * <p>Written after each sync of the log and before anyone hears of it; the system's memory has it then, and the disk soon after,
 * from the thread {@code coord-ensemble-mark}. Where the log is about to be cut, because a leader has other entries, the mark goes
 * down first, durably. Thread-safe.
 */
final class SyncedMark implements Closeable {
    /** When nothing is synced: Ratis counts from 0. */
    static final long NOTHING = -1;

    private static final Logger LOG = LoggerFactory.getLogger(SyncedMark.class);
    private static final String NAME = "synced";
    private static final String TEMPORARY = NAME + ".tmp";
    private static final long MAGIC = 0x434f4f524453594eL;
    /** One sector of a disk, which has what was written or what was there before. */
    private static final int BYTES = 512;

    private static final int USED_BYTES = 2 * Long.BYTES + Integer.BYTES;
    private static final int UNSYNCED_MS = 50;

    private final RandomAccessFile file;
    private final ThreadPoolExecutor syncing = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(),
            SyncedMark::newThread,
            new ThreadPoolExecutor.DiscardPolicy());
    /** Where the log will be cut, of cuts that are still to come: what is written before them does not count. */
    private final Deque<Long> cuts = new ArrayDeque<>();

    private long index;
    private boolean syncDue;
    private @Nullable IOException failure;

    private SyncedMark(RandomAccessFile file, long index) {
        this.file = file;
        this.index = index;
        syncing.allowCoreThreadTimeOut(true);
    }

    private static Thread newThread(Runnable task) {
        Thread thread = new Thread(task, "coord-ensemble-mark");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * What a directory's mark says.
     *
     * @return empty when there is none: nobody knows what was synced
     * @throws FileSystemException when it is damaged
     */
    static OptionalLong read(Path directory) throws IOException {
        Path place = directory.resolve(NAME);
        if (!Files.exists(place)) {
            return OptionalLong.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(place));
        if (bytes.remaining() == BYTES && bytes.getLong() == MAGIC) {
            long found = bytes.getLong();
            if (bytes.getInt() == checksum(found)) {
                return OptionalLong.of(found);
            }
        }
        throw new FileSystemException(
                place.toString(),
                null,
                "it is damaged, so nobody can tell whether the end of this member's log is whole. "
                        + LogCheck.WHAT_TO_DO);
    }

    /** Makes a directory's mark, or sets it, durably. */
    static SyncedMark create(Path directory, long index) throws IOException {
        Path temporary = directory.resolve(TEMPORARY);
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES);
            bytes.put(encode(index)).clear();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Path place = directory.resolve(NAME);
        Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        MemberDirectory.sync(directory);
        return new SyncedMark(new RandomAccessFile(place.toFile(), "rw"), index);
    }

    /** Removes it: from now on entries are acknowledged that are not synced. */
    static void remove(Path directory) throws IOException {
        if (Files.deleteIfExists(directory.resolve(NAME))) {
            MemberDirectory.sync(directory);
        }
    }

    private static byte[] encode(long index) {
        return ByteBuffer.allocate(USED_BYTES)
                .putLong(MAGIC)
                .putLong(index)
                .putInt(checksum(index))
                .array();
    }

    private static int checksum(long index) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(MAGIC)
                .putLong(index)
                .flip());
        return (int) checksum.getValue();
    }

    /** What is to be waited for between a sync of the log, up to an index, and its acknowledgement. */
    CompletableFuture<Void> whenSynced(long upTo) {
        return new DoneWhenAskedFor(() -> onSynced(upTo));
    }

    /**
     * The log is about to be cut.
     *
     * @param from the first index that goes
     * @return to be waited for once that has happened
     */
    CompletableFuture<Void> whenCut(long from) {
        try {
            onCutDue(from);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return new DoneWhenAskedFor(() -> onCut(from));
    }

    private synchronized void onSynced(long upTo) throws IOException {
        long counted = cuts.isEmpty() ? upTo : Math.min(upTo, Collections.min(cuts) - 1);
        if (counted > index) {
            write(counted);
            if (!syncDue) {
                syncDue = true;
                syncing.execute(this::syncLater);
            }
        }
    }

    private synchronized void onCutDue(long from) throws IOException {
        cuts.addLast(from);
        if (index >= from) {
            write(from - 1);
            sync();
        }
    }

    private synchronized void onCut(long from) {
        cuts.removeFirstOccurrence(from);
    }

    /** Cuts that were still to come do not come any more: the log was replaced by a snapshot. */
    synchronized void onLogReplaced() {
        cuts.clear();
    }

    private void write(long next) throws IOException {
        if (failure != null) {
            throw new IOException("an earlier write of " + NAME + " failed", failure);
        }
        try {
            file.seek(0);
            file.write(encode(next));
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        index = next;
    }

    private void sync() throws IOException {
        try {
            file.getChannel().force(false);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private void syncLater() {
        try {
            TimeUnit.MILLISECONDS.sleep(UNSYNCED_MS);
            synchronized (this) {
                syncDue = false;
            }
            // Not with the lock: the log must not wait for this.
            file.getChannel().force(false);
        } catch (IOException e) {
            LOG.warn("Cannot sync the file {}: the member takes no more entries", NAME, e);
            synchronized (this) {
                failure = e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        syncing.shutdownNow();
        try {
            if (!syncing.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("The file {} is still being synced; the member ends all the same", NAME);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            try (file) {
                if (failure == null) {
                    sync();
                }
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** Ratis asks for the result at the one moment at which the step may happen, on the thread that writes the log. */
    private static final class DoneWhenAskedFor extends CompletableFuture<Void> {
        private final Step step;

        DoneWhenAskedFor(Step step) {
            this.step = step;
        }

        @Override
        public @Nullable Void get() throws InterruptedException, ExecutionException {
            if (!isDone()) {
                try {
                    step.run();
                    complete(null);
                } catch (IOException e) {
                    completeExceptionally(e);
                }
            }
            return super.get();
        }
    }
}
