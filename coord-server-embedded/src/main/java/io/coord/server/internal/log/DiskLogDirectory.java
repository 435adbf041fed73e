package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A directory of the real file system. Thread-safe: holds nothing but its path. */
public final class DiskLogDirectory implements LogDirectory {
    private static final int BLOCK_BYTES = 4096;

    private final Path path;
    /** Whether a directory can be opened and synced; Windows has no such thing and keeps its order itself. */
    private final boolean syncable;

    /** Creates the directory when it is not there. */
    public DiskLogDirectory(Path path) throws IOException {
        this.path = path.toAbsolutePath().normalize();
        this.syncable = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        createDurably(this.path);
    }

    private void createDurably(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            if (Files.exists(directory)) {
                throw new FileSystemException(directory.toString(), null, "not a directory");
            }
            @Nullable Path parent = directory.getParent();
            if (parent != null) {
                createDurably(parent);
            }
            Files.createDirectories(directory);
            if (parent != null) {
                sync(parent);
            }
        }
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                if (Files.isRegularFile(file)) {
                    names.add(file.getFileName().toString());
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public LogFile create(String name) throws IOException {
        try {
            return new DiskLogFile(FileChannel.open(
                    path.resolve(name),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw fullOr(e, BLOCK_BYTES);
        }
    }

    @Override
    public LogFile open(String name) throws IOException {
        return new DiskLogFile(FileChannel.open(path.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        try {
            Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw fullOr(e, BLOCK_BYTES);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        sync(path);
    }

    @Override
    public Closeable lock(String name) throws IOException {
        return DirectoryLock.acquire(path, name);
    }

    @Override
    public String describe(String name) {
        return path.resolve(name).toString();
    }

    private void sync(Path directory) throws IOException {
        if (syncable) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** The system's own words differ by language, so the room that is left decides as well. */
    private IOException fullOr(IOException failure, int neededBytes) {
        @Nullable String reason = failure instanceof FileSystemException e ? e.getReason() : failure.getMessage();
        boolean full = reason != null && (reason.contains("No space left") || reason.contains("quota"));
        if (!full) {
            try {
                full = Files.getFileStore(path).getUsableSpace() < neededBytes;
            } catch (IOException noAnswer) {
                failure.addSuppressed(noAnswer);
            }
        }
        return full ? new DiskFullException("no space left in " + path, failure) : failure;
    }

    private final class DiskLogFile implements LogFile {
        private final FileChannel channel;

        DiskLogFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            int total = 0;
            while (into.hasRemaining()) {
                int read = channel.read(into, position + total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            int length = bytes.remaining();
            try {
                long at = position;
                while (bytes.hasRemaining()) {
                    at += channel.write(bytes, at);
                }
            } catch (IOException e) {
                throw fullOr(e, length);
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncateDurably(long size) throws IOException {
            channel.truncate(size);
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
