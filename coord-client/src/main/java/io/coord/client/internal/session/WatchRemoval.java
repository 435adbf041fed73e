package io.coord.client.internal.session;

import io.coord.client.error.CoordException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.protocol.data.WatcherType;
import io.coord.protocol.request.RemoveWatchesRequest;
import io.coord.protocol.response.Response;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells the server of watches that nobody needs any more, with one or two requests. A connection that breaks meanwhile
 * does the same: what is not in the registry is not armed again. Owned by the network thread.
 */
final class WatchRemoval {
    /** Where the calls go. */
    interface Submission {
        void submit(long now, Call call);
    }

    private final List<WatcherType> types;
    private final String serverPath;
    private final Submission core;
    private final BiPredicate<WatcherType, String> needed;
    private int outstanding;
    private @Nullable CoordException failure;

    /** @param needed whether someone wants the server's watch of this type and path now */
    WatchRemoval(List<WatcherType> types, String serverPath, Submission core, BiPredicate<WatcherType, String> needed) {
        this.types = types;
        this.serverPath = serverPath;
        this.core = core;
        this.needed = needed;
    }

    /**
     * @param guaranteed whether it is tried on in the background when the deadline passes
     */
    void start(long now, long deadlineNs, Result<@Nullable Void> result, boolean guaranteed) {
        outstanding = types.size();
        if (outstanding == 0) {
            result.succeed(null);
        }
        for (WatcherType type : types) {
            core.submit(now, call(type, now, deadlineNs, result, guaranteed));
        }
    }

    /** Without a deadline, and nobody waits. */
    void startInBackground(long now) {
        outstanding = types.size();
        for (WatcherType type : types) {
            core.submit(
                    now,
                    call(type, now, DeadlineWheel.NEVER, new Unheard(), false).inBackground());
        }
    }

    private Call call(WatcherType type, long now, long deadlineNs, Result<@Nullable Void> result, boolean guaranteed) {
        // Repeated on the next connection it finds nothing to remove, which is as good.
        RemoveWatchesRequest request = new RemoveWatchesRequest(serverPath, type.code());
        return new Call("removeWatches", serverPath, request, Repeat.READ, now, deadlineNs) {
            @Override
            protected void onResponse(Response response, long zxid) {
                onOver(result);
            }

            @Override
            protected void onError(int code) {
                onOver(result);
            }

            @Override
            protected void onFailure(CoordException reason) {
                failure = reason;
                // A watch that was set meanwhile stands before this in the queue, and would be removed by it.
                if (guaranteed && reason instanceof RequestTimeoutException && !needed.test(type, serverPath)) {
                    new WatchRemoval(List.of(type), serverPath, core, needed).startInBackground(deadlineNs);
                }
                onOver(result);
            }
        };
    }

    private void onOver(Result<@Nullable Void> result) {
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

    private static final class Unheard implements Result<@Nullable Void> {
        @Override
        public boolean succeed(@Nullable Void value) {
            return true;
        }

        @Override
        public void fail(CoordException failure) {
            // The connection or the client ended, and the server's watch with it.
        }
    }
}
