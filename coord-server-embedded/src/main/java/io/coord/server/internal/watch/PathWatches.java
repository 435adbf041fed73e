package io.coord.server.internal.watch;

import java.util.ArrayList;
import java.util.List;

/** The watches of all connections on one path. */
final class PathWatches {
    final String path;
    private final List<Watch> watches = new ArrayList<>(1);

    PathWatches(String path) {
        this.path = path;
    }

    void add(Watch watch) {
        watch.slot = watches.size();
        watches.add(watch);
    }

    /** The last one takes its place, so a loop that removes must run from the end. */
    void remove(Watch watch) {
        Watch last = watches.remove(watches.size() - 1);
        if (last != watch) {
            last.slot = watch.slot;
            watches.set(watch.slot, last);
        }
    }

    Watch get(int i) {
        return watches.get(i);
    }

    int size() {
        return watches.size();
    }
}
