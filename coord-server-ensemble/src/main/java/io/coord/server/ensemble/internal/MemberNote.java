package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.EnsembleMembers;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code member}: which member of which ensemble a directory belongs to, who the others were when it was made, and, once the
 * log has said so, who they are. That last part is no more than a memory of the log: it says where to find the others at a start.
 *
 * @param made the members of whom the ensemble was made, as {@link EnsembleMembers#rights} has them
 * @param config what the log has said last; null when nothing yet
 * @param moved who is where {@code config} says, whatever the settings say
 * @param settings the members' lines in the settings with which the member ran then
 */
record MemberNote(
        String ensemble,
        int id,
        String made,
        @Nullable EnsembleMembers config,
        SortedSet<Integer> moved,
        String settings) {
    private static final String NAME = "member";
    private static final String TEMPORARY = NAME + ".tmp";
    private static final int LINES = 3;
    private static final String SETTINGS = "settings.";
    private static final String MOVED = "moved ";

    static Path place(Path directory) {
        return directory.resolve(NAME);
    }

    /** Whether it is a file of ours that a crash may leave behind. */
    static boolean isTemporary(Path file) {
        return file.endsWith(TEMPORARY);
    }

    /**
     * @return null when there is none
     * @throws FileSystemException when it cannot be understood
     */
    static @Nullable MemberNote read(Path directory) throws IOException {
        Path place = place(directory);
        if (!Files.exists(place)) {
            return null;
        }
        List<String> lines = Files.readAllLines(place);
        try {
            List<String> rest = lines.subList(LINES, lines.size());
            String config = join(rest.stream()
                    .filter(each -> !each.startsWith(SETTINGS) && !each.startsWith(MOVED))
                    .toList());
            String settings = join(rest.stream()
                    .filter(each -> each.startsWith(SETTINGS))
                    .map(each -> each.substring(SETTINGS.length()))
                    .toList());
            SortedSet<Integer> moved = new TreeSet<>();
            rest.stream()
                    .filter(each -> each.startsWith(MOVED))
                    .forEach(each -> moved.add(Integer.parseInt(each.substring(MOVED.length()))));
            return new MemberNote(
                    lines.get(0),
                    Integer.parseInt(lines.get(1)),
                    lines.get(2),
                    config.isEmpty() ? null : EnsembleMembers.parse(config),
                    moved,
                    settings);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw (FileSystemException)
                    new FileSystemException(place.toString(), null, "it does not say whose directory this is")
                            .initCause(e);
        }
    }

    private static String join(List<String> lines) {
        return String.join("\n", lines);
    }

    /** Durable when it returns; a crash before leaves the one before. */
    void write(Path directory) throws IOException {
        StringBuilder text = new StringBuilder(ensemble + '\n' + id + '\n' + made + '\n');
        if (config != null) {
            text.append(settings.lines().map(each -> SETTINGS + each + '\n').collect(Collectors.joining()));
            moved.forEach(each -> text.append(MOVED).append(each).append('\n'));
            text.append(config.text()).append('\n');
        }
        Path temporary = directory.resolve(TEMPORARY);
        Files.writeString(
                temporary,
                text,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(temporary, place(directory), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        MemberDirectory.sync(directory);
    }

    MemberNote with(KnownMembers.Said newest, String ofSettings) {
        return new MemberNote(ensemble, id, made, newest.config(), newest.moved(), ofSettings);
    }
}
