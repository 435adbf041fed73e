package io.coord.client;

import io.coord.client.watch.Watcher;

/** Watches that stay, and the withdrawal of those that fire once. */
public final class WatcherOps {
    private final CoordClient client;

    WatcherOps(CoordClient client) {
        this.client = client;
    }

    /** Sets a watch that stays until it is closed. */
    public AddWatchBuilder add() {
        return new AddWatchBuilder(client);
    }

    /** Withdraws a one-shot watcher that has not fired; set by getData, checkExists or getChildren of the same path. */
    public RemoveWatchBuilder remove(Watcher watcher) {
        return new RemoveWatchBuilder(client, watcher);
    }
}
