package io.coord.server.internal.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is filled beside its later place and gets its name when it is whole: nobody ever sees a half of it under that
 * name. The caller's thread.
 */
public final class FreshDirectory {
    private final Path place;
    private final Path temporary;

    private FreshDirectory(Path place, Path temporary) {
        this.place = place;
        this.temporary = temporary;
    }

    /**
     * @param place must not exist, or be an empty directory
     * @param suffix behind the place's name, with something of its own behind it, until the directory is whole; what a process
     *     that was killed leaves there is of no use to anyone
     * @throws DirectoryNotEmptyException when there is something in the place
     */
    public static FreshDirectory beside(Path place, String suffix) throws IOException {
        Path absolute = place.toAbsolutePath().normalize();
        requireFree(absolute);
        Path temporary = absolute.resolveSibling(absolute.getFileName() + suffix + '-' + UUID.randomUUID());
        @Nullable Path parent = temporary.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(temporary);
        return new FreshDirectory(absolute, temporary);
    }

    /**
     * @throws DirectoryNotEmptyException when there is something in the place
     * @throws FileAlreadyExistsException when it is no directory
     */
    public static void requireFree(Path place) throws IOException {
        if (!Files.exists(place)) {
            return;
        }
        if (!Files.isDirectory(place)) {
            throw new FileAlreadyExistsException(place.toString(), null, "not a directory");
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            if (entries.iterator().hasNext()) {
                throw new DirectoryNotEmptyException(place.toString());
            }
        }
    }

    /** Where the files go until {@link #publish}. */
    public Path path() {
        return temporary;
    }

    /** Makes the directory durable and gives it its name; the files in it are durable already. */
    public void publish() throws IOException {
        sync(temporary);
        if (Files.exists(place)) {
            // Not every system renames onto an empty directory.
            requireFree(place);
            Files.delete(place);
        }
        Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
        syncParent(place);
    }

    /** Makes the name of a file durable. */
    public static void syncParent(Path file) throws IOException {
        @Nullable Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            sync(parent);
        }
    }

    /** Removes what was written so far. */
    public void discard() throws IOException {
        delete(temporary);
    }

    /** Makes the names in a directory durable, where the system knows such a thing. */
    static void sync(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path each : entries) {
                Files.delete(each);
            }
        }
        Files.delete(directory);
    }
}
