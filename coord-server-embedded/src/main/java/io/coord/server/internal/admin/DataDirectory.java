package io.coord.server.internal.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A look at the files of a server, from outside. May block for as long as the disk does. */
final class DataDirectory {
    private static final String SNAPSHOT_SUFFIX = ".snap";

    private DataDirectory() {}

    /** The sum of the sizes of all files; 0 without a directory. Files that vanish meanwhile do not count. */
    static long size(@Nullable Path directory) {
        if (directory == null) {
            return 0;
        }
        AtomicLong sum = new AtomicLong();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    sum.addAndGet(attributes.size());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum.get();
    }

    /** When the newest snapshot was written, in milliseconds since the epoch; -1 without one. */
    static long newestSnapshotMs(@Nullable Path directory) {
        if (directory == null) {
            return -1;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> each.toString().endsWith(SNAPSHOT_SUFFIX))
                    .mapToLong(each -> each.toFile().lastModified())
                    .max()
                    .orElse(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
