package io.coord.recipes.workqueue;

/**
 * The queue holds as many items as it may. Nothing was put.
 *
 * <pre>{@code
 * WorkQueue queue = WorkQueue.builder(client, "/jobs", "/jobs-locks").maxItems(100).build();
 * try {
 *     queue.put(bytes);
 * } catch (QueueFullException e) {
 *     use("come back later");
 * }
 * }</pre>
 */
public final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    QueueFullException(String path, int items, int maxItems) {
        super(path + " holds " + items + " items, the limit is " + maxItems);
    }
}
