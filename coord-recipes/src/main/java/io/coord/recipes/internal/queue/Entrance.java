package io.coord.recipes.internal.queue;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a contender enters its queue.
 *
 * @param prefix start of its znode's name, {@code _c_<uuid>-}: unique, so that the node can be recognised when the reply
 *     to its creation was lost
 * @param inheritedKey null to be numbered by the server. Otherwise the number of a place that the same session holds, and
 *     that goes on to be held by the new node, which is granted at once (Curator's downgrade since 5.5, CURATOR-621).
 */
public record Entrance(
        String directory,
        QueueKind kind,
        String prefix,
        @Nullable String inheritedKey) {
    private static final String PROTECTED = "_c_";

    public static Entrance atTheEnd(String directory, QueueKind kind) {
        return new Entrance(directory, kind, PROTECTED + UUID.randomUUID() + '-', null);
    }

    public static Entrance inPlaceOf(Place place, String directory, QueueKind kind) {
        String key = QueueEntry.of(place.name()).sortKey();
        return new Entrance(directory, kind, PROTECTED + UUID.randomUUID() + '-', key);
    }

    /** Path to create; the server appends the number unless it is inherited. */
    public String createPath() {
        return childPath(prefix + kind.marker() + (inheritedKey == null ? "" : inheritedKey));
    }

    public String childPath(String name) {
        return directory.equals("/") ? directory + name : directory + '/' + name;
    }

    public boolean isSequential() {
        return inheritedKey == null;
    }
}
