package io.coord.recipes.workqueue;

import io.coord.client.CoordClient;
import io.coord.protocol.data.ZnodePath;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What both kinds of queue are told. */
record QueueSettings(
        CoordClient client,
        String path,
        String lockPath,
        int maxItems,
        int concurrency,
        OnFailure onFailure,
        Duration retryPause,
        @Nullable WorkHandler handler) {
    static final int DEFAULT_MAX_ITEMS = 10_000;
    static final Duration DEFAULT_RETRY_PAUSE = Duration.ofSeconds(1);

    QueueSettings {
        ZnodePath.validate(path);
        ZnodePath.validate(lockPath);
        if (ZnodePath.isSameOrBelow(lockPath, path)) {
            throw new IllegalArgumentException("the locks of " + path + " must not lie in the queue: " + lockPath);
        }
        if (maxItems < 1 || concurrency < 1 || retryPause.isNegative()) {
            throw new IllegalArgumentException("a queue needs room for an item and a worker, and no negative pause");
        }
    }
}
