package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a znode.
 *
 * <pre>{@code
 * client.delete().withVersion(3).forPath("/config/greeting");
 * client.delete().quietly().guaranteed().deletingChildrenIfNeeded().forPath("/jobs");
 * }</pre>
 */
public final class DeleteBuilder extends Operation<DeleteBuilder> {
    int version = -1;
    boolean quietly;
    boolean guaranteed;
    boolean deletingChildren;
    boolean idempotent;

    DeleteBuilder(CoordClient client) {
        super(client, "delete");
    }

    @Override
    DeleteBuilder self() {
        return this;
    }

    /** The data version that the znode must have; any by default. */
    public DeleteBuilder withVersion(int dataVersion) {
        this.version = dataVersion;
        return this;
    }

    /** Takes a missing znode for success. */
    public DeleteBuilder quietly() {
        this.quietly = true;
        return this;
    }

    /**
     * Goes on in the background when the call fails for want of a connection or of time, or because the server cannot do it now
     * (its disk is full, it has no leader), until the znode is gone or the client is closed. The call itself still fails.
     */
    public DeleteBuilder guaranteed() {
        this.guaranteed = true;
        return this;
    }

    /**
     * Deletes everything below the znode as well; not atomic. When the call fails after a part of that was deleted, it fails
     * with {@link io.coord.client.error.PartlyDeletedException}, whatever the reason.
     */
    public DeleteBuilder deletingChildrenIfNeeded() {
        this.deletingChildren = true;
        return this;
    }

    /**
     * Sends the delete again when its connection breaks before the answer came; a repeated delete that finds nothing has
     * succeeded.
     */
    public DeleteBuilder idempotent() {
        this.idempotent = true;
        return this;
    }

    /**
     * @throws io.coord.client.error.NoNodeException when it is not there; nothing was changed
     * @throws io.coord.client.error.BadVersionException when the version differs; nothing was changed
     * @throws io.coord.client.error.NotEmptyException when it has children; nothing was changed
     * @throws io.coord.client.error.ConnectionLossException when the effect may have happened
     */
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
        new DeleteTask(this, path, paths().toServer(path), result).start();
    }
}
