package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
import io.coord.protocol.data.WatcherType;
import io.coord.protocol.request.RemoveWatchesRequest;
import io.coord.protocol.response.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits for one or two removeWatches requests. Owned by the network thread. */
final class WatchRemoval {
    private final Result<@Nullable Void> result;
    private int outstanding;
    private @Nullable CoordException failure;

    private WatchRemoval(int requests, Result<@Nullable Void> result) {
        this.outstanding = requests;
        this.result = result;
    }

    /** The calls to make; without any the result is told at once. */
    static List<Call> calls(
            List<WatcherType> types, String serverPath, long now, long deadlineNs, Result<@Nullable Void> result) {
        if (types.isEmpty()) {
            result.succeed(null);
        }
        WatchRemoval removal = new WatchRemoval(types.size(), result);
        return types.stream()
                .map(type -> removal.call(new RemoveWatchesRequest(serverPath, type.code()), now, deadlineNs))
                .toList();
    }

    private Call call(RemoveWatchesRequest request, long now, long deadlineNs) {
        // Repeated on the next connection it finds nothing to remove, which is as good.
        return new Call("removeWatches", request.path(), request, Repeat.READ, now, deadlineNs) {
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
