package io.coord.server.internal.admin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is on its way to somebody, and gone when it has arrived, or has not. {@link #close} is called once, by whoever has
 * it then.
 */
final class SentFile implements AutoCloseable {
    private final Path path;
    private final FileChannel content;
    private final long bytes;
    private final Runnable onClose;

    /** @param onClose called when the file is gone */
    SentFile(Path path, Runnable onClose) throws IOException {
        this.path = path;
        this.onClose = onClose;
        // Where the system can, its name is gone from now on: nothing stays behind a process that is killed.
        this.content = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
        this.bytes = content.size();
    }

    FileChannel content() {
        return content;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        try {
            content.close();
            Files.deleteIfExists(path.getParent());
        } finally {
            onClose.run();
        }
    }
}
