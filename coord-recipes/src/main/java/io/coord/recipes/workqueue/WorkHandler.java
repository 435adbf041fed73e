package io.coord.recipes.workqueue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What is done with an item. Called on a callback thread of the client, where nothing may block.
 *
 * <pre>{@code
 * WorkHandler blocking = WorkHandler.on(executor, item -> work());
 * WorkHandler asynchronous = item -> client.create().forPathAsync("/done", item);
 * WorkQueue queue = WorkQueue.builder(client, "/jobs", "/jobs-locks").handler(blocking).build().start();
 * }</pre>
 */
@FunctionalInterface
public interface WorkHandler {
    /**
     * @param item one item as it was put
     * @return completes when the work is done; exceptionally, or by throwing, when it was not
     */
    CompletionStage<?> handle(byte[] item);

    /** Work that may block, on threads of its own. */
    static WorkHandler on(Executor executor, Consumer<byte[]> work) {
        return item -> CompletableFuture.runAsync(() -> work.accept(item), executor);
    }
}
