package io.coord.client.internal.watch;

import io.coord.client.session.SerialExecutor;
import io.coord.client.watch.WatchEvent;
import io.coord.client.watch.Watcher;
import io.coord.protocol.data.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Whom a watch tells: the user's watcher, the queue it runs on and the paths it knows. Two targets are the same when they
 * have the same watcher object and mapping, so a watcher set twice on one path is told once.
 *
 * <p>Thread-safe: {@code closed} is written by any thread and read on the queue; the backlog is thread-safe itself.
 */
public final class WatchTarget {
    private final Watcher watcher;
    private final SerialExecutor queue;
    private final PathMapping paths;
    private final @Nullable WatchBacklog backlog;
    private volatile boolean closed;

    /** For a one-shot watch: it is told once for each call that arms it, so what waits is bounded by the calls. */
    public WatchTarget(Watcher watcher, SerialExecutor queue, PathMapping paths) {
        this.watcher = watcher;
        this.queue = queue;
        this.paths = paths;
        this.backlog = null;
    }

    private WatchTarget(Watcher watcher, SerialExecutor queue, PathMapping paths, Runnable onMissed) {
        this.watcher = watcher;
        this.queue = queue;
        this.paths = paths;
        this.backlog = new WatchBacklog(queue, this::deliver, () -> {
            if (!closed) {
                onMissed.run();
            }
        });
    }

    /**
     * For a persistent watch.
     *
     * @param onMissed run on the queue when the watcher was so far behind that events were dropped, and has caught up
     */
    public static WatchTarget persistent(Watcher watcher, SerialExecutor queue, PathMapping paths, Runnable onMissed) {
        return new WatchTarget(watcher, queue, paths, onMissed);
    }

    void tell(EventType type, String serverPath, long zxid) {
        WatchEvent event = new WatchEvent(type, paths.toClient(serverPath), zxid);
        WatchBacklog bounded = backlog;
        if (bounded == null) {
            queue.execute(() -> deliver(event));
        } else {
            bounded.add(event);
        }
    }

    private void deliver(WatchEvent event) {
        if (!closed) {
            watcher.onEvent(event);
        }
    }

    /** No call of the watcher is started after this. */
    public void close() {
        closed = true;
    }

    boolean isSameAs(WatchTarget other) {
        return watcher == other.watcher && paths.equals(other.paths);
    }

    /**
     * Closes it if it is for this watcher, or whomever it is for when that is null.
     *
     * @return whether it is closed now
     */
    boolean closeIfFor(@Nullable Watcher other) {
        if (other != null && watcher != other) {
            return false;
        }
        close();
        return true;
    }
}
