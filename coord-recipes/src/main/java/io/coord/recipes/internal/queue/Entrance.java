package io.coord.recipes.internal.queue;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a contender enters its queue.
 *
 * @param prefix start of its znode's name, {@code _c_<uuid>-}: unique, so that the node can be recognised when the reply
 *     to its creation was lost
 * @param inherited null to be numbered by the server. Otherwise a place that the same session holds: its number goes on to
 *     be held by the new node, which is granted at once (Curator's downgrade since 5.5, CURATOR-621).
 * @param data what its znode is to hold
 */
public record Entrance(
        String directory,
        QueueKind kind,
        String prefix,
        @Nullable Place inherited,
        byte[] data) {
    private static final String PROTECTED = "_c_";
    private static final byte[] NO_DATA = {};

    /** Its znode holds nothing. */
    public Entrance(String directory, QueueKind kind, String prefix, @Nullable Place inherited) {
        this(directory, kind, prefix, inherited, NO_DATA);
    }

    public static Entrance atTheEnd(String directory, QueueKind kind) {
        return new Entrance(directory, kind, PROTECTED + UUID.randomUUID() + '-', null);
    }

    public static Entrance inPlaceOf(Place place, String directory, QueueKind kind) {
        return new Entrance(directory, kind, PROTECTED + UUID.randomUUID() + '-', place);
    }

    public Entrance withData(byte[] contents) {
        return new Entrance(directory, kind, prefix, inherited, contents);
    }

    /** Path to create; the server appends the number unless it is inherited. */
    public String createPath() {
        String key = inheritedKey();
        return childPath(prefix + kind.marker() + (key == null ? "" : key));
    }

    /** The number that the new node takes over; null when the server gives it one. */
    public @Nullable String inheritedKey() {
        return inherited == null ? null : QueueEntry.of(inherited.name()).sortKey();
    }

    public String childPath(String name) {
        return directory.equals("/") ? directory + name : directory + '/' + name;
    }

    public boolean isSequential() {
        return inherited == null;
    }
}
