package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory of the real file system that is only looked at, while another process may write to it. Takes no lock and never
 * opens the lock's file: on some systems to close it would end the lock. Thread-safe: holds nothing but its path.
 */
final class ReadOnlyLogDirectory implements LogDirectory {
    private final Path path;

    /** @throws NotDirectoryException when there is no such directory */
    ReadOnlyLogDirectory(Path path) throws IOException {
        this.path = path.toAbsolutePath().normalize();
        if (!Files.isDirectory(this.path)) {
            throw new NotDirectoryException(this.path.toString());
        }
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public LogFile open(String name) throws IOException {
        return new ReadOnlyFile(FileChannel.open(path.resolve(name), StandardOpenOption.READ));
    }

    @Override
    public String describe(String name) {
        return path.resolve(name).toString();
    }

    @Override
    public LogFile create(String name) {
        throw readOnly();
    }

    @Override
    public void rename(String from, String to) {
        throw readOnly();
    }

    @Override
    public void delete(String name) {
        throw readOnly();
    }

    @Override
    public void sync() {
        throw readOnly();
    }

    @Override
    public Closeable lock(String name) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("the directory is only looked at");
    }

    private record ReadOnlyFile(FileChannel channel) implements LogFile {
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
        public void write(ByteBuffer bytes, long position) {
            throw readOnly();
        }

        @Override
        public void sync() {
            throw readOnly();
        }

        @Override
        public void truncateDurably(long size) {
            throw readOnly();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
