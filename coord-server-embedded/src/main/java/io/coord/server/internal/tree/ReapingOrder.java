package io.coord.server.internal.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The childless containers and the childless znodes with a time to live, in the order in which the server may remove them:
 * those that are due are found without a look at any other. It follows from the nodes alone, and only these nodes have a
 * place in it.
 */
final class ReapingOrder {
    private enum Kind {
        /** A container that has had children; by the zxid at which it lost the last one. */
        EMPTIED,
        /** A container that never had a child; by its time of modification. */
        NEVER_USED,
        /** By the moment at which its time to live is over. */
        TTL
    }

    /** @param since what the kind is ordered by */
    private record Place(Kind kind, long since, String path) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTime = Long.compare(since, other.since);
            return byTime == 0 ? path.compareTo(other.path) : byTime;
        }
    }

    private final Map<String, Place> places = new HashMap<>();
    private final TreeSet<Place> emptied = new TreeSet<>();
    private final TreeSet<Place> neverUsed = new TreeSet<>();
    private final TreeSet<Place> ttls = new TreeSet<>();

    /** To be called when a node has come, or when its data or its number of children has changed. */
    void update(Znode node) {
        if (!node.isContainer() && !node.isTtl()) {
            return;
        }
        @Nullable Place before = places.get(node.path());
        @Nullable Place now = placeOf(node);
        if (now == null ? before == null : now.equals(before)) {
            return;
        }
        if (before != null) {
            places.remove(before.path);
            ordered(before.kind).remove(before);
        }
        if (now != null) {
            places.put(now.path, now);
            ordered(now.kind).add(now);
        }
    }

    void remove(Znode node) {
        if (node.isContainer() || node.isTtl()) {
            Place place = places.remove(node.path());
            if (place != null) {
                ordered(place.kind).remove(place);
            }
        }
    }

    int size() {
        return places.size();
    }

    /** The paths of nodes for which {@link #isDue} is true: emptied containers first, then times to live, then the rest. */
    List<String> due(long timeMs, long maxNeverUsedMs, int limit) {
        List<String> due = new ArrayList<>(Math.min(limit, places.size()));
        addThoseBefore(Long.MAX_VALUE, emptied, limit, due);
        addThoseBefore(timeMs, ttls, limit, due);
        if (maxNeverUsedMs > 0) {
            addThoseBefore(timeMs - maxNeverUsedMs, neverUsed, limit, due);
        }
        return due;
    }

    /**
     * Whether the server may remove the node now.
     *
     * @param maxNeverUsedMs for how long a container may wait for its first child; 0 for ever
     */
    static boolean isDue(Znode node, long timeMs, long maxNeverUsedMs) {
        Place place = placeOf(node);
        return place != null
                && switch (place.kind) {
                    case EMPTIED -> true;
                    case NEVER_USED -> maxNeverUsedMs > 0 && place.since < timeMs - maxNeverUsedMs;
                    case TTL -> place.since < timeMs;
                };
    }

    private static void addThoseBefore(long time, SortedSet<Place> places, int limit, List<String> due) {
        for (Place each : places) {
            if (due.size() == limit || each.since >= time) {
                return;
            }
            due.add(each.path);
        }
    }

    private SortedSet<Place> ordered(Kind kind) {
        return switch (kind) {
            case EMPTIED -> emptied;
            case NEVER_USED -> neverUsed;
            case TTL -> ttls;
        };
    }

    private static @Nullable Place placeOf(Znode node) {
        if (node.childCount() > 0) {
            return null;
        } else if (node.isTtl()) {
            return new Place(Kind.TTL, node.mtime() + node.ttlMs(), node.path());
        } else if (!node.isContainer()) {
            return null;
        } else if (node.createCount() == 0) {
            return new Place(Kind.NEVER_USED, node.mtime(), node.path());
        }
        return new Place(Kind.EMPTIED, node.pzxid(), node.path());
    }
}
