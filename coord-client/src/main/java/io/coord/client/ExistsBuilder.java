package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.WatchKind;
import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.response.StatResponse;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether a znode is there. A watcher is armed either way; on a missing znode it tells of its creation.
 *
 * <pre>{@code
 * Stat stat = client.checkExists().usingWatcher(event -> use(event)).forPath("/leader");
 * boolean there = stat != null;
 * }</pre>
 */
public final class ExistsBuilder extends ReadOperation<ExistsBuilder> {
    private boolean creatingParents;
    private boolean asContainers;

    ExistsBuilder(CoordClient client) {
        super(client, "checkExists");
    }

    @Override
    ExistsBuilder self() {
        return this;
    }

    /** Creates missing parents of the path, as persistent znodes, before it asks. */
    public ExistsBuilder creatingParentsIfNeeded() {
        this.creatingParents = true;
        return this;
    }

    /** As {@link #creatingParentsIfNeeded()}, with containers. */
    public ExistsBuilder creatingParentContainersIfNeeded() {
        this.creatingParents = true;
        this.asContainers = true;
        return this;
    }

    /**
     * @return the znode's stat, or null when it is not there
     */
    public @Nullable Stat forPath(String path) {
        BlockingResult<@Nullable Stat> result = waiting(path);
        start(path, result);
        return result.await();
    }

    /** As {@link #forPath}, without waiting. */
    public CompletionStage<@Nullable Stat> forPathAsync(String path) {
        StageResult<@Nullable Stat> result = stage();
        start(path, result);
        return result;
    }

    private void start(String path, Result<@Nullable Stat> result) {
        String serverPath = paths().toServer(path);
        long now = System.nanoTime();
        ExistsRequest request = new ExistsRequest(serverPath, isWatching());
        Runnable ask = () -> submit(
                path,
                serverPath,
                now,
                result,
                outcome ->
                        new ExistsCall(this, path, request, now, outcome).arming(arming(WatchKind.DATA, serverPath)));
        if (creatingParents && serverPath.length() > 1) {
            new ParentCreation(this, path, ZnodePath.parent(serverPath), asContainers, null, now, result)
                    .start(failure -> ask.run());
        } else {
            ask.run();
        }
    }

    private static final class ExistsCall extends SimpleCall<@Nullable Stat> {
        ExistsCall(
                ExistsBuilder builder, String path, ExistsRequest request, long nowNs, Result<@Nullable Stat> result) {
            super(builder, path, request, Repeat.READ, nowNs, result, response -> ((StatResponse) response).stat());
        }

        @Override
        protected void onError(int code) {
            if (code == ErrorCode.NO_NODE.code()) {
                result().succeed(null);
            } else {
                super.onError(code);
            }
        }
    }
}
