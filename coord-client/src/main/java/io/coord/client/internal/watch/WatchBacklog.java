package io.coord.client.internal.watch;

import io.coord.client.session.SerialExecutor;
import io.coord.client.watch.WatchEvent;
import io.coord.protocol.data.EventType;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The events that wait for one persistent watcher, bounded: see decision 15. Up to {@link #LIMIT} wait as they came. Of those
 * that come while so many wait, only the last one of each type and path is kept; the watcher is told of each change's last
 * occurrence. When even those are more than {@link #LIMIT} they are dropped until the watcher has caught up, and then
 * whoever holds the watch is told that something was missed.
 *
 * <p>Thread-safe: the monitor guards everything. The network thread adds, the watcher's queue delivers.
 */
final class WatchBacklog {
    static final int LIMIT = 10_000;

    private record Change(EventType type, String path) {}

    private final SerialExecutor queue;
    private final Consumer<WatchEvent> watcher;
    private final Runnable onMissed;
    private final Runnable deliverMerged = this::deliverMerged;
    /** In the order of the last occurrence. */
    private final Map<Change, WatchEvent> merged = new LinkedHashMap<>();

    private int waiting;
    /** From the first event that found the queue full until all of {@code merged} was delivered. */
    private boolean behind;

    private boolean missed;

    WatchBacklog(SerialExecutor queue, Consumer<WatchEvent> watcher, Runnable onMissed) {
        this.queue = queue;
        this.watcher = watcher;
        this.onMissed = onMissed;
    }

    void add(WatchEvent event) {
        Runnable task;
        synchronized (this) {
            if (behind) {
                merge(event);
                return;
            }
            if (waiting < LIMIT) {
                waiting++;
                task = () -> deliver(event);
            } else {
                behind = true;
                merge(event);
                task = deliverMerged;
            }
        }
        queue.execute(task);
    }

    private void merge(WatchEvent event) {
        if (missed) {
            return;
        }
        Change change = new Change(event.type(), event.path());
        if (merged.remove(change) == null && merged.size() == LIMIT) {
            missed = true;
            merged.clear();
        } else {
            merged.put(change, event);
        }
    }

    private void deliver(WatchEvent event) {
        synchronized (this) {
            waiting--;
        }
        watcher.accept(event);
    }

    private void deliverMerged() {
        WatchEvent event;
        boolean more;
        synchronized (this) {
            if (missed) {
                missed = false;
                behind = false;
                event = null;
                more = false;
            } else {
                Iterator<WatchEvent> inOrder = merged.values().iterator();
                event = inOrder.next();
                inOrder.remove();
                more = !merged.isEmpty();
                behind = more;
            }
        }
        if (more) {
            // Before the watcher is called, which may throw.
            queue.execute(deliverMerged);
        }
        if (event == null) {
            onMissed.run();
        } else {
            watcher.accept(event);
        }
    }
}
