package io.coord.recipes.workqueue;

import io.coord.client.CoordClient;
import io.coord.recipes.internal.call.Callers;
import java.util.List;
import java.util.concurrent.CompletionStage;

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
 *         .handler(WorkHandler.on(executor, item -> use(item)))
 *         .build()
 *         .start();
 * }</pre>
 */
public final class WorkQueue implements AutoCloseable {
    private final ItemQueue queue;

    private WorkQueue(QueueSettings settings) {
        this.queue = new ItemQueue(settings);
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
        queue.start();
        return this;
    }

    public String path() {
        return queue.path();
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
        return queue.put(ItemFormat.NAME_PREFIX, List.copyOf(items));
    }

    /** How many items the queue holds now, those that are worked on included. */
    public int size() {
        return queue.size();
    }

    /**
     * Takes no more items, without waiting.
     *
     * @return completes when the work on those that were taken is over, or the client was closed
     */
    public CompletionStage<Void> closeAsync() {
        return queue.close();
    }

    /** Takes no more items, without waiting for the work on those that were taken. Idempotent. */
    @Override
    public void close() {
        closeAsync();
    }

    /** Settings of a {@link WorkQueue}. Not thread-safe. */
    public static final class Builder extends QueueBuilder<Builder> {
        private Builder(CoordClient client, String path, String lockPath) {
            super(client, path, lockPath);
        }

        @Override
        Builder self() {
            return this;
        }

        /** @throws IllegalArgumentException when the settings do not go together */
        public WorkQueue build() {
            return new WorkQueue(settings());
        }
    }
}
