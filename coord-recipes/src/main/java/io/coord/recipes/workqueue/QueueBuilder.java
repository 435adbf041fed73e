package io.coord.recipes.workqueue;

import io.coord.client.CoordClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings that both kinds of queue have. Not thread-safe.
 *
 * <pre>{@code
 * WorkQueue queue = WorkQueue.builder(client, "/jobs", "/jobs-locks")
 *         .handler(WorkHandler.on(executor, item -> work()))
 *         .concurrency(4)
 *         .retryPause(Duration.ofSeconds(5))
 *         .maxItems(1_000)
 *         .build();
 * }</pre>
 *
 * @param <B> the builder itself
 */
public abstract sealed class QueueBuilder<B extends QueueBuilder<B>> permits WorkQueue.Builder, DelayQueue.Builder {
    private final CoordClient client;
    private final String path;
    private final String lockPath;
    private int maxItems = QueueSettings.DEFAULT_MAX_ITEMS;
    private int concurrency = 1;
    private OnFailure onFailure = OnFailure.REQUEUE;
    private Duration retryPause = QueueSettings.DEFAULT_RETRY_PAUSE;
    private @Nullable WorkHandler handler;

    QueueBuilder(CoordClient client, String path, String lockPath) {
        this.client = client;
        this.path = path;
        this.lockPath = lockPath;
    }

    abstract B self();

    /** How many items the queue may hold, as far as this producer is concerned. 10,000 by default. */
    public B maxItems(int limit) {
        this.maxItems = limit;
        return self();
    }

    /** What is done with items; without it the queue is only put to. */
    public B handler(WorkHandler work) {
        this.handler = work;
        return self();
    }

    /** How many items are worked on at once. One by default, which keeps their order among one consumer. */
    public B concurrency(int items) {
        this.concurrency = items;
        return self();
    }

    /** Items whose work failed are put back by default. */
    public B onFailure(OnFailure policy) {
        this.onFailure = policy;
        return self();
    }

    /** How long a consumer rests after an item that failed and was put back. A second by default. */
    public B retryPause(Duration pause) {
        this.retryPause = pause;
        return self();
    }

    /** @throws IllegalArgumentException when the settings do not go together */
    final QueueSettings settings() {
        return new QueueSettings(client, path, lockPath, maxItems, concurrency, onFailure, retryPause, handler);
    }
}
