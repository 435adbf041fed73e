package io.coord.recipes.workqueue;

import io.coord.client.CoordClient;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Puts items into a queue. */
final class ItemProducer {
    private final CoordClient client;
    private final QueueSettings settings;

    ItemProducer(QueueSettings settings) {
        this.client = settings.client();
        this.settings = settings;
    }

    CompletionStage<Void> put(String namePrefix, List<byte[]> items) {
        byte[] data = ItemFormat.encode(items);
        return size().thenCompose(size -> {
            if (size >= settings.maxItems()) {
                return CompletableFuture.failedFuture(
                        new QueueFullException(settings.path(), size, settings.maxItems()));
            }
            return client.create()
                    .creatingParentContainersIfNeeded()
                    .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                    .forPathAsync(ZnodePath.child(settings.path(), namePrefix), data)
                    .thenAccept(path -> {});
        });
    }

    CompletionStage<Integer> size() {
        return client.checkExists().forPathAsync(settings.path()).thenApply(ItemProducer::children);
    }

    private static int children(@Nullable Stat stat) {
        return stat == null ? 0 : stat.numChildren();
    }
}
