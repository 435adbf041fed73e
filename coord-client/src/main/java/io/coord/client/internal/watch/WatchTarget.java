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
 * <p>Thread-safe: {@code closed} is written by any thread and read on the queue.
 */
public final class WatchTarget {
    private final Watcher watcher;
    private final SerialExecutor queue;
    private final PathMapping paths;
    private volatile boolean closed;

    public WatchTarget(Watcher watcher, SerialExecutor queue, PathMapping paths) {
        this.watcher = watcher;
        this.queue = queue;
        this.paths = paths;
    }

    void tell(EventType type, String serverPath, long zxid) {
        WatchEvent event = new WatchEvent(type, paths.toClient(serverPath), zxid);
        queue.execute(() -> {
            if (!closed) {
                watcher.onEvent(event);
            }
        });
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
