package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.MemberSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A member's part of its data directory, {@code ensemble}, and the file in it that says which member of which ensemble it belongs
 * to.
 */
final class MemberDirectory {
    private static final String NAME = "ensemble";
    private static final String NOTE = "member";
    private static final int LINES = 2;

    private MemberDirectory() {}

    /**
     * Opens it for a member, or makes it.
     *
     * @return where Ratis may keep its files
     * @throws FileSystemException when it belongs to somebody else
     */
    static Path open(MemberSettings settings) throws IOException {
        Path directory = settings.directory().resolve(NAME);
        Files.createDirectories(directory);
        Path note = directory.resolve(NOTE);
        String own = settings.ensemble() + '\n' + settings.id() + '\n';
        if (Files.exists(note)) {
            requireOwn(note, own);
        } else {
            requireEmpty(directory);
            Path temporary = directory.resolve(NOTE + ".tmp");
            Files.writeString(
                    temporary,
                    own,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            Files.move(temporary, note, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
        }
        return directory;
    }

    /** Makes names in a directory durable. */
    static void sync(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void requireOwn(Path note, String own) throws IOException {
        String found = Files.readString(note);
        if (!found.equals(own)) {
            List<String> lines = found.lines().toList();
            throw new FileSystemException(
                    note.toString(),
                    null,
                    lines.size() == LINES
                            ? "the directory belongs to member " + lines.get(1) + " of the ensemble " + lines.get(0)
                            : "it does not say whose directory this is");
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(directory, each -> !each.endsWith(NOTE + ".tmp"))) {
            if (entries.iterator().hasNext()) {
                throw new FileSystemException(
                        directory.toString(), null, "it holds something, but no file that says whose directory it is");
            }
        }
    }
}
