package io.coord.recipes.workqueue;

/**
 * What becomes of an item whose work failed.
 *
 * <pre>{@code
 * WorkQueue queue = WorkQueue.builder(client, "/jobs", "/jobs-locks")
 *         .handler(WorkHandler.on(executor, item -> work()))
 *         .onFailure(OnFailure.DISCARD)
 *         .build();
 * }</pre>
 */
public enum OnFailure {
    /** It is put to the end of the queue, with its data, in one transaction; after a pause it may be taken again. */
    REQUEUE,
    /** It is deleted, and logged. */
    DISCARD
}
