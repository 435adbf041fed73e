package io.coord.recipes.internal.queue;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.client.error.UnreadableDataException;
import io.coord.recipes.internal.call.Callers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads what other clients have written, who may compress though this one does not, or the other way round. */
public final class ForeignData {
    private ForeignData() {}

    /**
     * The data as this client reads them, or, where it cannot, as the server has them. Completes on a callback thread.
     *
     * @param stat gets the znode's stat
     */
    public static CompletionStage<byte[]> read(CoordClient client, String path, StatHolder stat) {
        return client.getData()
                .storingStatIn(stat)
                .forPathAsync(path)
                .handle((data, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(data);
                    }
                    return Callers.asUnchecked(failure) instanceof UnreadableDataException
                            ? client.getData()
                                    .undecompressed()
                                    .storingStatIn(stat)
                                    .forPathAsync(path)
                            : CompletableFuture.<byte[]>failedFuture(failure);
                })
                .thenCompose(stage -> stage);
    }
}
