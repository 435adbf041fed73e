package io.coord.client;

import io.coord.client.watch.Watcher;

/**
 * Sets watches that stay, and withdraws watches of all kinds.
 *
 * <pre>{@code
 * WatcherOps watchers = client.watchers();
 * Watch watch = watchers.add().withMode(AddWatchMode.PERSISTENT_RECURSIVE).usingWatcher(event -> use(event)).forPath("/shop");
 * watchers.removeAll().ofType(WatcherType.DATA).quietly().forPath("/shop/config");
 * watch.close();
 * }</pre>
 */
public final class WatcherOps {
    private final CoordClient client;

    WatcherOps(CoordClient client) {
        this.client = client;
    }

    /** Sets a watch that stays until it is closed. */
    public AddWatchBuilder add() {
        return new AddWatchBuilder(client);
    }

    /** Withdraws a watcher from a path, whatever set it there: getData, checkExists, getChildren or {@link #add()}. */
    public RemoveWatchBuilder remove(Watcher watcher) {
        return new RemoveWatchBuilder(client, watcher);
    }

    /**
     * Withdraws all watchers of this client from a path, also those that a recipe or a view of another namespace has set
     * on the same client.
     */
    public RemoveWatchBuilder removeAll() {
        return new RemoveWatchBuilder(client, null);
    }
}
