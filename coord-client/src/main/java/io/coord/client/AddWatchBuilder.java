package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.internal.watch.WatchTarget;
import io.coord.client.session.SerialExecutor;
import io.coord.client.watch.Watch;
import io.coord.client.watch.Watcher;
import io.coord.protocol.data.AddWatchMode;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sets a watch that stays until it is closed. The path need not exist.
 *
 * <pre>{@code
 * Watch watch = client.watchers().add()
 *         .withMode(AddWatchMode.PERSISTENT_RECURSIVE)
 *         .usingWatcher(event -> use(event.path()))
 *         .forPath("/shop");
 * }</pre>
 */
public final class AddWatchBuilder extends Operation<AddWatchBuilder> {
    private static final String MISSED =
            "a watcher was so far behind that changes were dropped; a new connection lets everyone look again";

    private AddWatchMode mode = AddWatchMode.PERSISTENT_RECURSIVE;
    private @Nullable WatchTarget target;

    AddWatchBuilder(CoordClient client) {
        super(client, "addWatch");
    }

    @Override
    AddWatchBuilder self() {
        return this;
    }

    /** Recursive by default. */
    public AddWatchBuilder withMode(AddWatchMode watchMode) {
        this.mode = watchMode;
        return this;
    }

    /** Whom to tell, on a callback thread. Required. */
    public AddWatchBuilder usingWatcher(Watcher watcher) {
        return usingWatcher(watcher, loop().queueFor(watcher));
    }

    /** Whom to tell, on a queue of {@link CoordClient#serialExecutor()}. */
    public AddWatchBuilder usingWatcher(Watcher watcher, SerialExecutor queue) {
        this.target = WatchTarget.persistent(watcher, queue, paths(), () -> loop().renewConnection(MISSED));
        return this;
    }

    /** Returns when the server has armed the watch. When it throws, there is no watch. */
    public Watch forPath(String path) {
        BlockingResult<Watch> result = waiting(path);
        start(path, result);
        return result.await();
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<Watch> forPathAsync(String path) {
        StageResult<Watch> result = stage();
        start(path, result);
        return result;
    }

    private void start(String path, Result<Watch> result) {
        WatchTarget whom = target;
        if (whom == null) {
            throw new IllegalStateException("a watch needs usingWatcher(…)");
        }
        WatchKind kind = mode == AddWatchMode.PERSISTENT ? WatchKind.PERSISTENT : WatchKind.PERSISTENT_RECURSIVE;
        new PersistentWatch(client, path, mode, kind, paths().toServer(path), whom).arm(timeoutNs(), result);
    }
}
