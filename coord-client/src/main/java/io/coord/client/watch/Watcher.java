package io.coord.client.watch;

/**
 * Told of changes. Called on a callback thread of the client (or on the executor it was registered with), never two calls
 * of one watcher at once. It must not make blocking calls of the client. What it throws is logged.
 *
 * <pre>{@code
 * Watcher watcher = event -> executor.execute(() -> use(client.getData().forPath(event.path())));
 * client.checkExists().usingWatcher(watcher).forPath("/config");
 * }</pre>
 */
@FunctionalInterface
public interface Watcher {
    void onEvent(WatchEvent event);
}
