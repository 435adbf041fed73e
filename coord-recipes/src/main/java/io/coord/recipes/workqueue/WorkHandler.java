package io.coord.recipes.workqueue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What is done with an item. Called on a callback thread of the client, where nothing may block. */
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
