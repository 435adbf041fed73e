package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.protocol.request.SyncRequest;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes the server catch up: what this client reads after it shows every write that was acknowledged before it.
 *
 * <pre>{@code
 * client.sync().forPath("/config");
 * byte[] newest = client.getData().forPath("/config");
 * }</pre>
 */
public final class SyncBuilder extends Operation<SyncBuilder> {
    SyncBuilder(CoordClient client) {
        super(client, "sync");
    }

    @Override
    SyncBuilder self() {
        return this;
    }

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
        SyncRequest request = new SyncRequest(paths().toServer(path));
        loop().submit(new SimpleCall<@Nullable Void>(
                this, path, request, Repeat.READ, System.nanoTime(), result, response -> null));
    }
}
