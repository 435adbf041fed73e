package io.coord.recipes.workqueue;

import io.coord.client.CoordClient;
import io.coord.recipes.internal.call.Callers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A queue of work that is due later: each item is handled when its moment has come, in the order of these moments, at least once.
 * The moments are read on the consumer's wall clock. Layout, locks and names are those of Curator's {@code DistributedDelayQueue}
 * with a lock path, so that both can share a queue.
 *
 * <p>Its limits: an item is a znode, so this is for thousands of them, not for millions, and each one costs a write to put, one to
 * lock, one to delete and one to unlock. A put looks at the number of items first and is refused when that is {@link
 * Builder#maxItems}; puts at the same moment may exceed it a little. All names must fit into one response of the server (1 MB:
 * some 30,000).
 *
 * <p>Thread-safe: a consumer's state belongs to one serial queue.
 *
 * <pre>{@code
 * DelayQueue mails = DelayQueue.builder(client, "/mails", "/mails-locks").build();
 * mails.put(bytes, Instant.now().plusSeconds(60));
 * }</pre>
 */
public final class DelayQueue implements AutoCloseable {
    private final ItemQueue queue;

    private DelayQueue(QueueSettings settings) {
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
    public DelayQueue start() {
        queue.start();
        return this;
    }

    public String path() {
        return queue.path();
    }

    /**
     * Puts an item.
     *
     * @param due to the millisecond, not before 1970
     * @throws QueueFullException when the queue holds as many as it may; nothing was put
     * @throws io.coord.client.error.ConnectionLossException when it may have been put: a repetition may put it twice
     */
    public void put(byte[] item, Instant due) {
        Callers.await(putAsync(item, due).toCompletableFuture(), "put", path());
    }

    /** As {@link #put}, without waiting. */
    public CompletionStage<Void> putAsync(byte[] item, Instant due) {
        if (due.toEpochMilli() < 0) {
            throw new IllegalArgumentException("a moment before 1970: " + due);
        }
        return queue.put(ItemFormat.prefixDueAt(due.toEpochMilli()), List.of(item));
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

    /** Settings of a {@link DelayQueue}. Not thread-safe. */
    public static final class Builder extends QueueBuilder<Builder> {
        private Builder(CoordClient client, String path, String lockPath) {
            super(client, path, lockPath);
        }

        @Override
        Builder self() {
            return this;
        }

        /** @throws IllegalArgumentException when the settings do not go together */
        public DelayQueue build() {
            return new DelayQueue(settings());
        }
    }
}
