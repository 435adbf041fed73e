package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.EnsembleMembers;
import io.coord.server.internal.replication.MemberSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's part of its data directory, {@code ensemble}, and the {@link MemberNote} in it. One thread at a time.
 */
final class MemberDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(MemberDirectory.class);
    private static final String NAME = "ensemble";

    private final Path path;
    private final EnsembleMembers settings;
    private MemberNote note;

    private MemberDirectory(Path path, EnsembleMembers settings, MemberNote note) {
        this.path = path;
        this.settings = settings;
        this.note = note;
    }

    /**
     * Opens it for a member, or makes it.
     *
     * @param known is told what it says of the members
     * @throws FileSystemException when it belongs to somebody else
     */
    static MemberDirectory open(MemberSettings settings, KnownMembers known) throws IOException {
        Path directory = settings.directory().resolve(NAME);
        Files.createDirectories(directory);
        EnsembleMembers named = new EnsembleMembers(0, settings.members());
        @Nullable MemberNote found = MemberNote.read(directory);
        if (found == null) {
            requireEmpty(directory);
            MemberNote made = new MemberNote(
                    settings.ensemble(), settings.id(), named.rights(), null, new TreeSet<>(), named.lines());
            made.write(directory);
            return new MemberDirectory(directory, named, made);
        }
        requireOwn(directory, found, settings, named);
        tell(directory, found, named, known);
        return new MemberDirectory(directory, named, found);
    }

    /** Where Ratis may keep its files. */
    Path path() {
        return path;
    }

    /** The log says who the members are. */
    void remember(KnownMembers.Said newest) throws IOException {
        MemberNote next = note.with(newest, settings.lines());
        if (!next.equals(note)) {
            next.write(path);
            note = next;
        }
    }

    /** Makes names in a directory durable. */
    static void sync(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void requireOwn(Path directory, MemberNote found, MemberSettings settings, EnsembleMembers named)
            throws IOException {
        String place = MemberNote.place(directory).toString();
        if (!found.ensemble().equals(settings.ensemble()) || found.id() != settings.id()) {
            throw new FileSystemException(
                    place,
                    null,
                    "the directory belongs to member " + found.id() + " of the ensemble " + found.ensemble());
        }
        if (found.config() == null && !found.made().equals(named.rights())) {
            throw new FileSystemException(
                    place,
                    null,
                    "the ensemble was made of the members " + found.made() + ", and the settings name " + named.rights()
                            + ": name the same ones, and change them with reconfig");
        }
    }

    /** Who belongs to it, the log says; where they are, an operator may have said since. */
    private static void tell(Path directory, MemberNote found, EnsembleMembers named, KnownMembers known) {
        EnsembleMembers config = found.config();
        if (config == null) {
            return;
        }
        boolean edited = !named.lines().equals(found.settings());
        known.set(config, edited ? Set.of() : found.moved());
        if (!config.areSameAs(named)) {
            String message = "The members are " + config.rights() + ", of configuration "
                    + Long.toHexString(config.version()) + ", as " + MemberNote.place(directory)
                    + " has it; the settings name " + named.rights();
            if (edited) {
                LOG.warn("{}, which does not count: members are changed with reconfig", message);
            } else {
                LOG.info("{}, which does not count any more", message);
            }
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(directory, each -> !MemberNote.isTemporary(each))) {
            if (entries.iterator().hasNext()) {
                throw new FileSystemException(
                        directory.toString(), null, "it holds something, but no file that says whose directory it is");
            }
        }
    }
}
