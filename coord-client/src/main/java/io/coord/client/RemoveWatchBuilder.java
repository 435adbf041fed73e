package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.watch.Watcher;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Withdraws a one-shot watcher. The server is told when no other watcher of this client needs the same watch. A watcher
 * that is not there, or has fired, is no error.
 */
public final class RemoveWatchBuilder extends Operation<RemoveWatchBuilder> {
    private final Watcher watcher;

    RemoveWatchBuilder(CoordClient client, Watcher watcher) {
        super(client, "removeWatches");
        this.watcher = watcher;
    }

    @Override
    RemoveWatchBuilder self() {
        return this;
    }

    /** After it returns no callback of the watcher is started for this path. */
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
        loop().removeWatcher(watcher, paths().toServer(path), timeoutNs(), result);
    }
}
