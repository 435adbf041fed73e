package io.coord.verification.fuzz;

import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogFile;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files as byte arrays that a test can spoil. */
final class MemoryDirectory implements LogDirectory {
    private final Map<String, byte[]> files = new TreeMap<>();

    /** The same files, in arrays of their own. */
    MemoryDirectory copy() {
        MemoryDirectory copy = new MemoryDirectory();
        files.forEach((name, bytes) -> copy.files.put(name, bytes.clone()));
        return copy;
    }

    byte[] bytes(String name) {
        return files.getOrDefault(name, new byte[0]);
    }

    void put(String name, byte[] bytes) {
        files.put(name, bytes);
    }

    @Override
    public List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public LogFile create(String name) throws IOException {
        if (files.putIfAbsent(name, new byte[0]) != null) {
            throw new FileAlreadyExistsException(name);
        }
        return new OpenFile(name);
    }

    @Override
    public LogFile open(String name) throws IOException {
        require(name);
        return new OpenFile(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        byte[] bytes = require(from);
        files.remove(from);
        files.put(to, bytes);
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public void sync() {}

    @Override
    public Closeable lock(String name) {
        return () -> {};
    }

    @Override
    public String describe(String name) {
        return "/memory/" + name;
    }

    private byte[] require(String name) throws FileNotFoundException {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new FileNotFoundException(name);
        }
        return bytes;
    }

    private final class OpenFile implements LogFile {
        private final String openedAs;
        private byte[] content;

        OpenFile(String name) {
            this.openedAs = name;
            this.content = bytes(name);
        }

        /** A file that is renamed while it is open is still the same file. */
        private void replace(byte[] longer) {
            byte[] before = content;
            files.replaceAll((name, bytes) -> bytes == before ? longer : bytes);
            content = longer;
        }

        @Override
        public long size() {
            return content.length;
        }

        @Override
        public int read(ByteBuffer into, long position) {
            int count = (int) Math.max(0, Math.min(into.remaining(), content.length - position));
            into.put(content, (int) Math.min(position, content.length), count);
            return count;
        }

        @Override
        public void write(ByteBuffer bytes, long position) {
            int end = (int) position + bytes.remaining();
            if (end > content.length) {
                replace(Arrays.copyOf(content, end));
            }
            bytes.get(content, (int) position, bytes.remaining());
        }

        @Override
        public void sync() {}

        @Override
        public void truncateDurably(long size) {
            replace(Arrays.copyOf(content, (int) size));
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return openedAs;
        }
    }
}
