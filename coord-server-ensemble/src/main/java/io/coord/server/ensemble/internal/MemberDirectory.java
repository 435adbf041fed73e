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
    private final EnsembleMembers members;
    private MemberNote note;

    private MemberDirectory(Path path, EnsembleMembers settings, EnsembleMembers members, MemberNote note) {
        this.path = path;
        this.settings = settings;
        this.members = members;
        this.note = note;
    }

    /**
     * Opens it for a member, or makes it.
     *
     * @throws FileSystemException when it belongs to somebody else
     */
    static MemberDirectory open(MemberSettings settings) throws IOException {
        Path directory = settings.directory().resolve(NAME);
        Files.createDirectories(directory);
        EnsembleMembers named = new EnsembleMembers(0, settings.members());
        @Nullable MemberNote found = MemberNote.read(directory);
        if (found == null) {
            requireEmpty(directory);
            MemberNote made = new MemberNote(settings.ensemble(), settings.id(), named.rights(), null, named.lines());
            made.write(directory);
            return new MemberDirectory(directory, named, named, made);
        }
        requireOwn(directory, found, settings, named);
        return new MemberDirectory(directory, named, membersOf(directory, found, named), found);
    }

    /** Where Ratis may keep its files. */
    Path path() {
        return path;
    }

    /** Who the members are, as far as can be said before the log is read. */
    EnsembleMembers members() {
        return members;
    }

    /** The log says who the members are. */
    void remember(EnsembleMembers newest) throws IOException {
        if (!newest.equals(note.config()) || !settings.lines().equals(note.settings())) {
            MemberNote next = note.with(newest, settings.lines());
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

    /** Who belongs to it, the log says, and where they are; but for addresses that an operator has changed since. */
    private static EnsembleMembers membersOf(Path directory, MemberNote found, EnsembleMembers named) {
        EnsembleMembers config = found.config();
        if (config == null) {
            return named;
        }
        boolean edited = !named.lines().equals(found.settings());
        if (config.areSameAs(named)) {
            return edited ? named.withVersion(config.version()) : config;
        }
        String message =
                "The members are {}, of configuration {}, as {} has it; the settings name {}, which does not count";
        if (edited) {
            LOG.warn(
                    message + " though they were changed: members are changed with reconfig",
                    config.rights(),
                    Long.toHexString(config.version()),
                    MemberNote.place(directory),
                    named.rights());
        } else {
            LOG.info(
                    message + " any more",
                    config.rights(),
                    Long.toHexString(config.version()),
                    MemberNote.place(directory),
                    named.rights());
        }
        return config;
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
