package io.coord.server.internal.watch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Goes through the watches a little at a time while they come and go. A watch that stays is told; one that goes meanwhile may be
 * told or not, and one may be told twice when others of its path go. Owner thread.
 */
public final class WatchCursor {
    /** Not yet looked at. */
    private static final int NOT_BEGUN = -1;

    private final List<PathWatches> places;
    private int place;
    /** Of the place's watches, those before this one are still to come: whoever goes is replaced by the last one. */
    private int left = NOT_BEGUN;

    /** @param mostPaths of which there is one watch at least */
    WatchCursor(Collection<PathWatches> all, int mostPaths) {
        this.places = new ArrayList<>(Math.min(all.size(), mostPaths));
        for (PathWatches each : all) {
            if (places.size() == mostPaths) {
                break;
            }
            places.add(each);
        }
    }

    /** Tells of the next ones, each with its path. At most so many; of none when there are none left. */
    public void next(int most, BiConsumer<String, WatchListener> action) {
        int told = 0;
        while (place < places.size() && told < most) {
            PathWatches here = places.get(place);
            left = left == NOT_BEGUN ? here.size() : Math.min(left, here.size());
            while (left > 0 && told < most) {
                left--;
                told++;
                action.accept(here.path, here.get(left).owner.listener);
            }
            if (left == 0) {
                place++;
                left = NOT_BEGUN;
            }
        }
    }
}
