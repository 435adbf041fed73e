package io.coord.server.internal.watch;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All watches of one connection. Made by it, filled and emptied by {@link WatchRegistry}. */
public final class Watches {
    final WatchListener listener;
    /** Null before the first one: most connections have none. */
    private @Nullable Map<String, Watch> byPath;
    /** The last round of deliveries that this connection had an event of; one round tells a connection once. */
    long lastRound;

    public Watches(WatchListener listener) {
        this.listener = listener;
    }

    /** On how many paths there are watches. */
    public int size() {
        return byPath == null ? 0 : byPath.size();
    }

    @Nullable
    Watch get(String path) {
        return byPath == null ? null : byPath.get(path);
    }

    void put(String path, Watch watch) {
        if (byPath == null) {
            byPath = new HashMap<>(4);
        }
        byPath.put(path, watch);
    }

    void remove(String path) {
        if (byPath != null) {
            byPath.remove(path);
        }
    }

    /** Takes all away and returns them. */
    Collection<Watch> removeAll() {
        @Nullable Map<String, Watch> removed = byPath;
        byPath = null;
        return removed == null ? List.of() : removed.values();
    }
}
