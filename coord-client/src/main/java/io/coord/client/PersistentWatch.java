package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.client.internal.session.Call;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.internal.watch.WatchKind;
import io.coord.client.internal.watch.WatchTarget;
import io.coord.client.watch.Watch;
import io.coord.protocol.data.AddWatchMode;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.response.Response;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A watch and its end.
 *
 * <p>Thread-safe: whoever puts the stage of the closing in place closes.
 */
final class PersistentWatch implements Watch {
    private final CoordClient client;
    private final String path;
    private final AddWatchMode mode;
    private final WatchArming arming;
    private final AtomicReference<@Nullable StageResult<@Nullable Void>> closing = new AtomicReference<>();

    PersistentWatch(
            CoordClient client, String path, AddWatchMode mode, WatchKind kind, String serverPath, WatchTarget target) {
        this.client = client;
        this.path = path;
        this.mode = mode;
        this.arming = new WatchArming(kind, serverPath, target);
    }

    void arm(long timeoutNs, Result<Watch> result) {
        long now = System.nanoTime();
        AddWatchRequest request = new AddWatchRequest(arming.serverPath(), mode.code());
        client.loop()
                .submit(
                        new Call("addWatch", path, request, Repeat.READ, now, now + timeoutNs) {
                            @Override
                            protected void onResponse(Response response, long zxid) {
                                if (!result.succeed(PersistentWatch.this)) {
                                    // The caller was interrupted: nobody else could ever close it.
                                    closeAsync();
                                }
                            }

                            @Override
                            protected void onFailure(CoordException failure) {
                                result.fail(failure);
                            }
                        }.arming(arming));
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public AddWatchMode mode() {
        return mode;
    }

    @Override
    public void close() {
        closeAsync();
    }

    @Override
    public CompletionStage<@Nullable Void> closeAsync() {
        StageResult<@Nullable Void> mine = client.loop().newStage(null);
        StageResult<@Nullable Void> first = closing.compareAndExchange(null, mine);
        if (first != null) {
            return first;
        }
        arming.target().close();
        client.loop().removeWatch(arming, client.requestTimeoutNs(), mine);
        return mine;
    }

    @Override
    public String toString() {
        return mode + " watch on " + path;
    }
}
