package io.coord.recipes.workqueue;

/** The queue holds as many items as it may. Nothing was put. */
public final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    QueueFullException(String path, int items, int maxItems) {
        super(path + " holds " + items + " items, the limit is " + maxItems);
    }
}
