package io.coord.recipes.internal.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one contender may have on the servers: the znode that it stands on, other znodes with its prefix, and those that a
 * create without an answer may have left. It is gone only when all three are.
 */
final class OwnZnodes {
    private final String prefix;
    private @Nullable Place place;
    /** A create has been sent whose outcome is unknown, so a znode with our prefix may be there. */
    private boolean mayExist;
    /** Such a create was followed by another one: look once more, before the end, for what the first may have left. */
    private boolean sweepAtEnd;

    private final Deque<String> strays = new ArrayDeque<>();

    /** @param prefix what the names of all of them begin with, and nobody else's */
    OwnZnodes(String prefix) {
        this.prefix = prefix;
    }

    /** The znode that it stands on. */
    @Nullable
    Place place() {
        return place;
    }

    void stand(Place found) {
        place = found;
        mayExist = false;
    }

    /** The znode that it stood on is not there, whatever else may be. */
    void standNowhere() {
        place = null;
    }

    boolean mayExist() {
        return mayExist;
    }

    void outcomeUnknown() {
        mayExist = true;
    }

    /** A list showed none of them, so a new one may be created; the list may have been too early, though. */
    void noneSeen() {
        mayExist = false;
        sweepAtEnd = true;
    }

    /** Whether every znode but the place is known to be gone. */
    boolean isPlaceAlone() {
        return strays.isEmpty() && !mayExist && !sweepAtEnd;
    }

    boolean isGone() {
        return place == null && isPlaceAlone();
    }

    /** Whatever it had is gone. */
    void forget() {
        place = null;
        mayExist = false;
        sweepAtEnd = false;
        strays.clear();
    }

    /** A znode that is neither the place nor of any use. */
    @Nullable
    String stray() {
        return strays.peek();
    }

    /** One whose name is known: the place, or else a stray. */
    @Nullable
    String known() {
        return place == null ? strays.peek() : place.name();
    }

    void deleted(@Nullable String name) {
        Place present = place;
        if (present != null && present.name().equals(name)) {
            place = null;
        }
        strays.remove(name);
    }

    /** Those of the queue's nodes that are its own, in their order. */
    List<String> among(List<String> names) {
        List<String> ours = new ArrayList<>(1);
        for (String name : names) {
            if (name.startsWith(prefix)) {
                ours.add(name);
            }
        }
        if (ours.size() < 2) {
            return ours;
        }
        return QueueEntry.sorted(ours).stream().map(QueueEntry::name).toList();
    }

    /** The first of these may become the place. The others, of this session or an earlier one, are surely not. */
    void straysBehindFirst(List<String> ours) {
        strays.clear();
        if (!ours.isEmpty()) {
            strays.addAll(ours.subList(1, ours.size()));
        }
    }

    /**
     * All of these but the place are strays.
     *
     * @return whether the place is among them
     */
    boolean straysAre(List<String> ours) {
        strays.clear();
        strays.addAll(ours);
        Place present = place;
        return present != null && strays.remove(present.name());
    }

    /** What a last look has found is all that there can be. */
    void swept(List<String> ours) {
        mayExist = false;
        sweepAtEnd = false;
        straysAre(ours);
    }
}
