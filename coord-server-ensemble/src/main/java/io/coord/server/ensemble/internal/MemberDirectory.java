package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A member's part of its data directory, {@code ensemble}, and the file in it that says which member of which ensemble it belongs
 * to, and who the others are.
 */
final class MemberDirectory {
    private static final String NAME = "ensemble";
    private static final String NOTE = "member";
    private static final int LINES = 3;
    private static final int MEMBERS = 2;

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
        List<String> own = List.of(settings.ensemble(), Integer.toString(settings.id()), members(settings));
        if (Files.exists(note)) {
            requireOwn(note, own);
        } else {
            requireEmpty(directory);
            Path temporary = directory.resolve(NOTE + ".tmp");
            Files.writeString(
                    temporary,
                    String.join("\n", own) + '\n',
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

    /** Not their addresses: those may change. */
    private static String members(MemberSettings settings) {
        return settings.members().stream()
                .sorted(Comparator.comparingInt(Peer::id))
                .map(each -> each.id() + (each.observer() ? ":observer" : ""))
                .collect(Collectors.joining(" "));
    }

    private static void requireOwn(Path note, List<String> own) throws IOException {
        List<String> found = Files.readAllLines(note);
        if (found.equals(own)) {
            return;
        }
        String reason = "it does not say whose directory this is";
        if (found.size() == LINES && found.subList(0, MEMBERS).equals(own.subList(0, MEMBERS))) {
            reason = "the ensemble was made of the members " + found.get(MEMBERS) + ", and the settings name "
                    + own.get(MEMBERS) + ": who belongs to it cannot be changed yet, so name the same ones";
        } else if (found.size() == LINES) {
            reason = "the directory belongs to member " + found.get(1) + " of the ensemble " + found.get(0);
        }
        throw new FileSystemException(note.toString(), null, reason);
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
