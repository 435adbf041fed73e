package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
import io.coord.protocol.request.RemoveWatchesRequest;
import io.coord.protocol.response.Response;
import org.jspecify.annotations.Nullable;

/** Waits for one or two removeWatches requests. Owned by the network thread. */
final class WatchRemoval {
    private final Result<@Nullable Void> result;
    private int outstanding;
    private @Nullable CoordException failure;

    WatchRemoval(int requests, Result<@Nullable Void> result) {
        this.outstanding = requests;
        this.result = result;
    }

    Call call(String serverPath, RemoveWatchesRequest request, long now, long deadlineNs) {
        // Repeated on the next connection it finds nothing to remove, which is as good.
        return new Call("removeWatches", serverPath, request, Repeat.READ, now, deadlineNs) {
            @Override
            protected void onResponse(Response response, long zxid) {
                onOver();
            }

            @Override
            protected void onError(int code) {
                onOver();
            }

            @Override
            protected void onFailure(CoordException reason) {
                failure = reason;
                onOver();
            }
        };
    }

    private void onOver() {
        if (--outstanding > 0) {
            return;
        }
        CoordException reason = failure;
        if (reason == null) {
            result.succeed(null);
        } else {
            result.fail(reason);
        }
    }
}
