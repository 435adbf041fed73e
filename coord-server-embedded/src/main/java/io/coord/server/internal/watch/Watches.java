package io.coord.server.internal.watch;

import java.util.HashMap;
import java.util.Map;

/** All watches of one connection. Made by it, filled and emptied by {@link WatchRegistry}. */
public final class Watches {
    final WatchListener listener;
    final Map<String, Watch> byPath = new HashMap<>(4);
    /** The last round of deliveries that this connection had an event of; one round tells a connection once. */
    long lastRound;

    public Watches(WatchListener listener) {
        this.listener = listener;
    }

    /** On how many paths there are watches. */
    public int size() {
        return byPath.size();
    }
}
