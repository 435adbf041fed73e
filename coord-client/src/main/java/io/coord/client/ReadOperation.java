package io.coord.client;

import io.coord.client.internal.watch.PathMapping;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.internal.watch.WatchTarget;
import io.coord.client.session.SerialExecutor;
import io.coord.client.watch.Watcher;
import org.jspecify.annotations.Nullable;

/**
 * A read that may leave a one-shot watch. The watch outlives reconnects and even the session: when it is armed again the
 * server tells what was missed. After a lost session it may fire without a change.
 *
 * <p>Example: {@link GetDataBuilder}.
 *
 * @param <B> the builder itself
 */
public abstract sealed class ReadOperation<B extends ReadOperation<B>> extends SyncableRead<B>
        permits ExistsBuilder, GetChildrenBuilder, GetConfigBuilder, GetDataBuilder {
    private @Nullable WatchTarget target;

    ReadOperation(CoordClient client, String operation) {
        super(client, operation);
    }

    /**
     * Tells this watcher once of the next change, on a callback thread. The same watcher object set several times on one
     * path is told once. To withdraw it see {@link CoordClient#watchers()}.
     */
    public B usingWatcher(Watcher watcher) {
        return usingWatcher(watcher, loop().queueFor(watcher));
    }

    /** As {@link #usingWatcher(Watcher)}, on a queue of {@link CoordClient#serialExecutor()}. */
    public B usingWatcher(Watcher watcher, SerialExecutor queue) {
        this.target = new WatchTarget(watcher, queue, watchedPaths());
        return self();
    }

    /** How a watcher sees paths. */
    PathMapping watchedPaths() {
        return paths();
    }

    final boolean isWatching() {
        return target != null;
    }

    final @Nullable WatchArming arming(WatchKind kind, String serverPath) {
        WatchTarget whom = target;
        return whom == null ? null : new WatchArming(kind, serverPath, whom);
    }
}
