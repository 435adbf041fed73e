package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.WatchWithdrawal;
import io.coord.client.watch.Watcher;
import io.coord.protocol.data.WatcherType;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Withdraws the watches of one path, of one watcher or of all. They end here at once, whatever becomes of the call: no
 * callback is started any more and no reconnect arms them again. The server is told when no other watch of this client
 * needs the same one.
 *
 * <pre>{@code
 * Watcher watcher = event -> use(event);
 * client.getData().usingWatcher(watcher).forPath("/config");
 * client.watchers().remove(watcher).guaranteed().forPath("/config");
 * }</pre>
 */
public final class RemoveWatchBuilder extends Operation<RemoveWatchBuilder> {
    private final @Nullable Watcher watcher;
    private WatcherType type = WatcherType.ANY;
    private boolean quietly;
    private boolean locally;
    private boolean guaranteed;

    RemoveWatchBuilder(CoordClient client, @Nullable Watcher watcher) {
        super(client, "removeWatches");
        this.watcher = watcher;
    }

    @Override
    RemoveWatchBuilder self() {
        return this;
    }

    /** Only watches of this type; {@link WatcherType#ANY} by default. What checkExists sets is {@code DATA}. */
    public RemoveWatchBuilder ofType(WatcherType watcherType) {
        this.type = watcherType;
        return this;
    }

    /** Takes it for success when there is no such watch, or it has fired meanwhile. */
    public RemoveWatchBuilder quietly() {
        this.quietly = true;
        return this;
    }

    /** Does not wait for the server; it is told in the background. */
    public RemoveWatchBuilder locally() {
        this.locally = true;
        return this;
    }

    /**
     * Goes on telling the server in the background when the deadline passes, until it knows or has lost the connection and
     * with it the watch. The call itself still fails at its deadline.
     */
    public RemoveWatchBuilder guaranteed() {
        this.guaranteed = true;
        return this;
    }

    /**
     * Returns when the server has forgotten the watches or never needs to be told. No callback of them is started then.
     *
     * @throws io.coord.client.error.NoWatcherException when there is no such watch, unless {@link #quietly()}
     * @throws io.coord.client.error.RequestTimeoutException when the server did not answer in time; here they have ended
     */
    public void forPath(String path) {
        BlockingResult<@Nullable Void> result = waiting(path);
        start(path, result);
        result.await();
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<@Nullable Void> forPathAsync(String path) {
        StageResult<@Nullable Void> result = stage();
        start(path, result);
        return result;
    }

    private void start(String path, Result<@Nullable Void> result) {
        String serverPath = paths().toServer(path);
        loop().withdraw(
                        new WatchWithdrawal(path, serverPath, watcher, type, quietly, locally, guaranteed, timeoutNs()),
                        result);
    }
}
