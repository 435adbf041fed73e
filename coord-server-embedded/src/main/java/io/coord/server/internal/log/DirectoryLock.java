package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process's claim to a directory: a lock on a file in it. Thread-safe.
 *
 * <p>On POSIX systems a process that closes any channel to a file loses all its locks on that file. So within this process
 * the locked files are noted by their real paths, and one that is noted is not opened a second time. Should the lock belong
 * to this process all the same, taken by Coord classes of another class loader, the channel that found out stays open and
 * serves the next attempt.
 */
final class DirectoryLock implements Closeable {
    /** Guards itself. By the file's real path: the channel that has the lock, or one that must not be closed. */
    private static final Map<Path, FileChannel> CHANNELS = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;

    private DirectoryLock(Path file, FileChannel channel, FileLock lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * @param directory exists
     * @throws DirectoryLockedException when this process or another one holds the lock
     */
    static DirectoryLock acquire(Path directory, String name) throws IOException {
        Path file = directory.toRealPath().resolve(name);
        synchronized (CHANNELS) {
            @Nullable FileChannel known = CHANNELS.get(file);
            FileChannel channel = known == null ? open(file) : known;
            boolean keep = known != null;
            try {
                @Nullable FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw lockedBy(holder(channel), directory, file);
                }
                keep = false;
                writeHolder(channel);
                CHANNELS.put(file, channel);
                keep = true;
                return new DirectoryLock(file, channel, lock);
            } catch (OverlappingFileLockException e) {
                CHANNELS.put(file, channel);
                keep = true;
                throw lockedBy(ownPid(), directory, file);
            } finally {
                if (!keep) {
                    CHANNELS.remove(file);
                    channel.close();
                }
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static void writeHolder(FileChannel channel) throws IOException {
        // In this order: on a full disk, room that was given back may not be there to write to.
        int length = channel.write(StandardCharsets.US_ASCII.encode(ownPid()), 0);
        channel.truncate(length);
    }

    private static String ownPid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(Long.BYTES * 3);
        channel.read(pid, 0);
        return StandardCharsets.US_ASCII.decode(pid.flip()).toString();
    }

    private static DirectoryLockedException lockedBy(String process, Path directory, Path file) {
        return new DirectoryLockedException("The data directory " + directory + " is in use by process " + process
                + ", which holds " + file + ". Stop that server, or give this one a directory of its own.");
    }

    /** Without effect when it is closed already. */
    @Override
    public void close() throws IOException {
        synchronized (CHANNELS) {
            if (lock.isValid()) {
                CHANNELS.remove(file);
                channel.close();
            }
        }
    }
}
