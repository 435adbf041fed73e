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
    private static final QueueKind[] KINDS = QueueKind.values();

    /** Of the number that a server appends. */
    private static final int DIGITS = 10;

    /** A reader that took its place from a writer has the writer's number and stands behind it. */
    private static final Comparator<QueueEntry> ORDER = Comparator.comparing(QueueEntry::sortKey)
            .thenComparing(QueueEntry::rank)
            .thenComparing(QueueEntry::name);

    public static QueueEntry of(String name) {
        int start = keyStart(name);
        return start == 0
                ? new QueueEntry(name, null, name)
                : new QueueEntry(name, kindBefore(name, start), name.substring(start));
    }

    /** Where the sort key begins: behind the last marker; at 0 when there is none. */
    private static int keyStart(String name) {
        int usual = name.length() - DIGITS;
        if (usual > 0 && isNumber(name, usual) && kindBefore(name, usual) != null) {
            return usual;
        }
        int end = 0;
        for (QueueKind kind : KINDS) {
            int at = name.lastIndexOf(kind.marker());
            if (at >= 0) {
                end = Math.max(end, at + kind.marker().length());
            }
        }
        return end;
    }

    private static boolean isNumber(String name, int from) {
        for (int i = from; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable QueueKind kindBefore(String name, int keyStart) {
        for (QueueKind kind : KINDS) {
            String marker = kind.marker();
            if (name.startsWith(marker, keyStart - marker.length())) {
                return kind;
            }
        }
        return null;
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
     * For each the entry that has to leave before it may enter: for a reader the nearest writer before it, so that a leaving
     * writer wakes only the readers directly behind; for all others the entry right before it. Null where nothing is in the
     * way.
     *
     * @param sorted in the order of {@link #sorted}
     */
    public static List<@Nullable QueueEntry> blockersOf(List<QueueEntry> sorted) {
        List<@Nullable QueueEntry> blockers = new ArrayList<>(sorted.size());
        QueueEntry nearest = null;
        QueueEntry nearestWriter = null;
        for (QueueEntry entry : sorted) {
            QueueKind kind = entry.kind;
            boolean waitsForNobody = kind != null && kind.waitsForNobody();
            boolean writersOnly = kind != null && kind.waitsForWritersOnly();
            blockers.add(waitsForNobody ? null : writersOnly ? nearestWriter : nearest);
            nearest = entry;
            if (kind == QueueKind.WRITE) {
                nearestWriter = entry;
            }
        }
        return blockers;
    }

    /**
     * As {@link #blockersOf} for one of them, out of a list in any order.
     *
     * @param names of all children, the name among them or not
     */
    static @Nullable QueueEntry blockerAmong(String name, List<String> names) {
        int start = keyStart(name);
        QueueKind kind = start == 0 ? null : kindBefore(name, start);
        if (kind != null && kind.waitsForNobody()) {
            return null;
        }
        boolean writersOnly = kind != null && kind.waitsForWritersOnly();
        String nearest = null;
        int nearestStart = 0;
        for (String each : names) {
            int eachStart = keyStart(each);
            if (writersOnly && kindBefore(each, eachStart) != QueueKind.WRITE) {
                continue;
            }
            if (compare(each, eachStart, name, start) < 0
                    && (nearest == null || compare(each, eachStart, nearest, nearestStart) > 0)) {
                nearest = each;
                nearestStart = eachStart;
            }
        }
        return nearest == null ? null : of(nearest);
    }

    /** As {@link #ORDER}, without an object for each name: a waiter looks at the whole list. */
    private static int compare(String one, int oneStart, String other, int otherStart) {
        int oneLength = one.length() - oneStart;
        int otherLength = other.length() - otherStart;
        for (int i = 0; i < Math.min(oneLength, otherLength); i++) {
            int difference = one.charAt(oneStart + i) - other.charAt(otherStart + i);
            if (difference != 0) {
                return difference;
            }
        }
        if (oneLength != otherLength) {
            return oneLength - otherLength;
        }
        int difference = rank(kindBefore(one, oneStart)) - rank(kindBefore(other, otherStart));
        return difference == 0 ? one.compareTo(other) : difference;
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
        return rank(kind);
    }

    private static int rank(@Nullable QueueKind kind) {
        return kind == QueueKind.READ ? 1 : 0;
    }
}
