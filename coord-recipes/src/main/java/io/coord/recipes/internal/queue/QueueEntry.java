package io.coord.recipes.internal.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A child of a queue's directory.
 *
 * @param kind null when the name carries none of our markers
 * @param sortKey what follows the marker, the whole name when there is none. It is compared as a string, as Curator does:
 *     all clients have to agree on the order, even on where a stranger's node stands.
 */
public record QueueEntry(String name, @Nullable QueueKind kind, String sortKey) {
    /** A reader that took its place from a writer has the writer's number and stands behind it. */
    private static final Comparator<QueueEntry> ORDER = Comparator.comparing(QueueEntry::sortKey)
            .thenComparing(QueueEntry::rank)
            .thenComparing(QueueEntry::name);

    public static QueueEntry of(String name) {
        QueueKind found = null;
        int end = -1;
        for (QueueKind kind : QueueKind.values()) {
            int at = name.lastIndexOf(kind.marker());
            if (at >= 0 && at + kind.marker().length() > end) {
                found = kind;
                end = at + kind.marker().length();
            }
        }
        return new QueueEntry(name, found, found == null ? name : name.substring(end));
    }

    /** All children in the order in which they are served. */
    public static List<QueueEntry> sorted(List<String> names) {
        List<QueueEntry> entries = new ArrayList<>(names.size());
        for (String name : names) {
            entries.add(of(name));
        }
        entries.sort(ORDER);
        return entries;
    }

    /**
     * The entry that has to leave before the one with this name may enter: for a reader the nearest writer before it, so
     * that a leaving writer wakes only the readers directly behind; for all others the entry right before it.
     *
     * @param sorted in the order of {@link #sorted}, containing the name
     * @return null when nothing is in the way
     */
    public static @Nullable QueueEntry blockerOf(String name, List<QueueEntry> sorted) {
        QueueEntry nearest = null;
        QueueEntry nearestWriter = null;
        for (QueueEntry entry : sorted) {
            if (entry.name.equals(name)) {
                if (entry.kind != null && entry.kind.waitsForNobody()) {
                    return null;
                }
                return entry.kind != null && entry.kind.waitsForWritersOnly() ? nearestWriter : nearest;
            }
            nearest = entry;
            if (entry.kind == QueueKind.WRITE) {
                nearestWriter = entry;
            }
        }
        throw new IllegalArgumentException(name + " is not in the queue");
    }

    /**
     * As {@link #blockerOf}, out of a list in any order, in one pass.
     *
     * @param names of all children, the name among them or not
     */
    static @Nullable QueueEntry blockerAmong(String name, List<String> names) {
        QueueEntry self = of(name);
        QueueKind kind = self.kind;
        if (kind != null && kind.waitsForNobody()) {
            return null;
        }
        boolean writersOnly = kind != null && kind.waitsForWritersOnly();
        QueueEntry nearest = null;
        for (String each : names) {
            QueueEntry entry = of(each);
            if ((!writersOnly || entry.kind == QueueKind.WRITE)
                    && ORDER.compare(entry, self) < 0
                    && (nearest == null || ORDER.compare(entry, nearest) > 0)) {
                nearest = entry;
            }
        }
        return nearest;
    }

    /** The number that the server appended; empty when there is none that can be read. */
    public OptionalLong sequence() {
        try {
            return kind == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(sortKey));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private int rank() {
        return kind == QueueKind.READ ? 1 : 0;
    }
}
