package io.coord.recipes.workqueue;

import io.coord.client.CoordClient;
import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A queue of work that many processes put to and take from: each item is handled by one consumer at a time, in the order of the
 * puts, at least once. When a consumer dies or loses its session in the middle of an item, another one gets it. Layout, locks and
 * bytes are those of Curator's {@code DistributedQueue} with a lock path, so that both can share a queue.
 *
 * <p>Its limits: an item is a znode, so this is for thousands of them, not for millions, and each one costs a write to put, one to
 * lock, one to delete and one to unlock. A put looks at the number of items first and is refused when that is {@link
 * Builder#maxItems}; puts at the same moment may exceed it a little. All names must fit into one response of the server (1 MB:
 * some 30,000).
 *
 * <p>Thread-safe: a consumer's state belongs to one serial queue.
 *
 * <pre>{@code
 * WorkQueue jobs = WorkQueue.builder(client, "/jobs", "/jobs-locks")
 *         .handler(WorkHandler.on(executor, item -> run(item)))
 *         .build()
 *         .start();
 * }</pre>
 */
public final class WorkQueue implements AutoCloseable {
    private final QueueSettings settings;
    private final ItemProducer producer;
    private final @Nullable ItemConsumer consumer;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    private WorkQueue(QueueSettings settings) {
        this.settings = settings;
        this.producer = new ItemProducer(settings);
        WorkHandler handler = settings.handler();
        this.consumer = handler == null ? null : new ItemConsumer(settings, handler, System::currentTimeMillis);
    }

    /**
     * @param lockPath where consumers lock items, the same for all of them and outside of the queue's own path. Curator's
     *     consumers must be built with this {@code lockPath}, too, or they take items that are locked here.
     */
    public static Builder builder(CoordClient client, String path, String lockPath) {
        return new Builder(client, path, lockPath);
    }

    /**
     * Starts to consume, without waiting; a connection need not be there yet. One that only puts need not be started.
     *
     * @throws IllegalStateException when it has no handler, or was started or closed before
     */
    public WorkQueue start() {
        ItemConsumer started = consumer;
        if (started == null) {
            throw new IllegalStateException("the queue " + settings.path() + " has no handler to consume with");
        }
        if (!this.started.compareAndSet(false, true)) {
            throw new IllegalStateException("the queue " + settings.path() + " was started or closed before");
        }
        started.start();
        return this;
    }

    public String path() {
        return settings.path();
    }

    /**
     * Puts an item to the end.
     *
     * @throws QueueFullException when the queue holds as many as it may; nothing was put
     * @throws io.coord.client.error.ConnectionLossException when it may have been put: a repetition may put it twice
     */
    public void put(byte[] item) {
        putAll(List.of(item));
    }

    /** As {@link #put}, several in one znode: they are handled one after the other, and count as one. */
    public void putAll(List<byte[]> items) {
        Callers.await(putAllAsync(items).toCompletableFuture(), "put", path());
    }

    /** As {@link #put}, without waiting. */
    public CompletionStage<Void> putAsync(byte[] item) {
        return putAllAsync(List.of(item));
    }

    /** As {@link #putAll}, without waiting. */
    public CompletionStage<Void> putAllAsync(List<byte[]> items) {
        refuseWhenClosed();
        return producer.put(ItemFormat.NAME_PREFIX, List.copyOf(items));
    }

    private void refuseWhenClosed() {
        if (closed.get()) {
            throw new IllegalStateException("the queue " + path() + " is closed");
        }
    }

    /** How many items the queue holds now, those that are worked on included. */
    public int size() {
        return Callers.await(producer.size().toCompletableFuture(), "size", path());
    }

    /**
     * Takes no more items, without waiting.
     *
     * @return completes when the work on those that were taken is over, or the client was closed
     */
    public CompletionStage<Void> closeAsync() {
        closed.set(true);
        ItemConsumer running = consumer;
        if (running == null || !started.getAndSet(true)) {
            return CompletableFuture.completedFuture(null);
        }
        return CallerStages.told(settings.client(), running.stop());
    }

    /** Takes no more items, without waiting for the work on those that were taken. Idempotent. */
    @Override
    public void close() {
        closeAsync();
    }

    /** Settings of a {@link WorkQueue}. Not thread-safe. */
    public static final class Builder {
        private final CoordClient client;
        private final String path;
        private final String lockPath;
        private int maxItems = QueueSettings.DEFAULT_MAX_ITEMS;
        private int concurrency = 1;
        private OnFailure onFailure = OnFailure.REQUEUE;
        private Duration retryPause = QueueSettings.DEFAULT_RETRY_PAUSE;
        private @Nullable WorkHandler handler;

        private Builder(CoordClient client, String path, String lockPath) {
            this.client = client;
            this.path = path;
            this.lockPath = lockPath;
        }

        /** How many items the queue may hold, as far as this producer is concerned. 10,000 by default. */
        public Builder maxItems(int limit) {
            this.maxItems = limit;
            return this;
        }

        /** What is done with items; without it the queue is only put to. */
        public Builder handler(WorkHandler work) {
            this.handler = work;
            return this;
        }

        /** How many items are worked on at once. One by default, which keeps their order among one consumer. */
        public Builder concurrency(int items) {
            this.concurrency = items;
            return this;
        }

        /** Items whose work failed are put back by default. */
        public Builder onFailure(OnFailure policy) {
            this.onFailure = policy;
            return this;
        }

        /** How long a consumer rests after an item that failed and was put back. A second by default. */
        public Builder retryPause(Duration pause) {
            this.retryPause = pause;
            return this;
        }

        /** @throws IllegalArgumentException when the settings do not go together */
        public WorkQueue build() {
            return new WorkQueue(
                    new QueueSettings(client, path, lockPath, maxItems, concurrency, onFailure, retryPause, handler));
        }
    }
}
