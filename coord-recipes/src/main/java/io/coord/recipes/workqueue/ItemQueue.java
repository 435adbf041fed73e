package io.coord.recipes.workqueue;

import io.coord.recipes.internal.call.CallerStages;
import io.coord.recipes.internal.call.Callers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What both kinds of queue are: a producer, perhaps a consumer, a start and an end.
 *
 * <p>Thread-safe: two flags that are only ever raised; the consumer's state belongs to its serial queue.
 */
final class ItemQueue {
    private final QueueSettings settings;
    private final ItemProducer producer;
    private final @Nullable ItemConsumer consumer;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    ItemQueue(QueueSettings settings) {
        this.settings = settings;
        this.producer = new ItemProducer(settings);
        WorkHandler handler = settings.handler();
        this.consumer = handler == null ? null : new ItemConsumer(settings, handler, System::currentTimeMillis);
    }

    String path() {
        return settings.path();
    }

    void start() {
        ItemConsumer starting = consumer;
        if (starting == null) {
            throw new IllegalStateException("the queue " + path() + " has no handler to consume with");
        }
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the queue " + path() + " was started or closed before");
        }
        starting.start();
    }

    CompletionStage<Void> put(String namePrefix, List<byte[]> items) {
        if (closed.get()) {
            throw new IllegalStateException("the queue " + path() + " is closed");
        }
        return producer.put(namePrefix, items);
    }

    int size() {
        return Callers.await(producer.size().toCompletableFuture(), "size", path());
    }

    /** Completes when the work on items that were taken is over. */
    CompletionStage<Void> close() {
        closed.set(true);
        ItemConsumer running = consumer;
        if (running == null || !started.getAndSet(true)) {
            return CompletableFuture.completedFuture(null);
        }
        return CallerStages.told(settings.client(), running.stop());
    }
}
