package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.client.internal.session.Call;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.session.Result;
import io.coord.protocol.request.SyncRequest;
import io.coord.protocol.response.Response;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A read, which an ensemble's server answers from what it has applied so far, unless it is told to catch up first. Changes
 * nothing, so it is repeated until its deadline whenever its connection breaks, and its failure is always certain.
 *
 * <p>Example: {@link GetDataBuilder}.
 *
 * @param <B> the builder itself
 */
public abstract sealed class SyncableRead<B extends SyncableRead<B>> extends Operation<B>
        permits GetAclBuilder, GetAllChildrenNumberBuilder, GetEphemeralsBuilder, MultiReadBuilder, ReadOperation {
    private boolean afterSync;

    SyncableRead(CoordClient client, String operation) {
        super(client, operation);
    }

    /**
     * Makes the server catch up first ({@code sync}), in the same round trip: the answer shows every write that was
     * acknowledged, to anyone, before this call was made. Without it a server of an ensemble may answer from a little way
     * back. ZooKeeper's sync asks the leader without a vote, so a leader that has just been deposed and does not know it
     * yet can still answer from before.
     */
    public B afterSync() {
        this.afterSync = true;
        return self();
    }

    /**
     * Sends the read, behind its sync if it wants one.
     *
     * @param path as the caller gave it, for messages
     * @param serverPath what the sync names; any path will do
     */
    final <T extends @Nullable Object> void submit(
            @Nullable String path, String serverPath, long nowNs, Result<T> result, Function<Result<T>, Call> read) {
        if (!afterSync) {
            loop().submit(read.apply(result));
            return;
        }
        // Both are answered in order, and repeated in order after a break. The answer to the sync shows the newest
        // change, and no server that is behind it takes the client on afterwards.
        FirstOutcome<T> outcome = new FirstOutcome<>(result);
        loop().submit(
                        new SimpleCall<T>(
                                this,
                                path,
                                new SyncRequest(serverPath),
                                Repeat.READ,
                                nowNs,
                                outcome,
                                response -> null) {
                            @Override
                            protected void onResponse(Response response, long zxid) {
                                // The read that follows is the result.
                            }
                        });
        loop().submit(read.apply(outcome));
    }

    /** The failure of the sync, or what becomes of the read. Owned by the network thread. */
    private static final class FirstOutcome<T extends @Nullable Object> implements Result<T> {
        private final Result<T> target;
        private boolean told;

        FirstOutcome(Result<T> target) {
            this.target = target;
        }

        @Override
        public boolean succeed(@Nullable T value) {
            if (told) {
                return false;
            }
            told = true;
            return target.succeed(value);
        }

        @Override
        public void fail(CoordException failure) {
            if (!told) {
                told = true;
                target.fail(failure);
            }
        }
    }
}
