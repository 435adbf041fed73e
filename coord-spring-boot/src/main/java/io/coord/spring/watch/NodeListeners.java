package io.coord.spring.watch;

import io.coord.client.spi.ValueCodec;
import io.coord.recipes.cache.CoordCache;
import io.coord.spring.method.BeanMethod;
import io.coord.spring.method.ListenerThread;
import io.coord.spring.method.MethodNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The methods of this application that carry {@link NodeListener}, and the caches that tell them.
 *
 * <p>Thread-safe: its state is guarded by its monitor.
 */
public final class NodeListeners {

    private final NodeCaches caches;
    private final Map<Watched, CoordCache> byWatched = new LinkedHashMap<>();
    private final List<CoordCache> all = new ArrayList<>();
    private final List<ListenerThread> threads = new ArrayList<>();
    private boolean started;
    private boolean stopped;

    /** Methods that listen to the same share a cache. */
    private record Watched(String path, int depth) {}

    public NodeListeners(NodeCaches caches) {
        this.caches = caches;
    }

    /** Has the method told of all that there is, once {@link #start} was called. */
    synchronized void add(ListenedNode listened, BeanMethod method, ValueCodec<Object> codec) {
        if (stopped) {
            return;
        }
        ListenerThread thread = new ListenerThread("coord-listener-" + MethodNames.describe(method.method()));
        threads.add(thread);
        NodeInbox inbox = new NodeInbox(listened, method, codec, thread);
        Watched watched = new Watched(listened.path(), listened.depth());
        CoordCache shared = started ? null : byWatched.get(watched);
        if (shared != null) {
            shared.addListener(inbox);
            return;
        }
        CoordCache cache = cache(watched);
        cache.addListener(inbox);
        if (started) {
            // A cache that is filled already would not tell it what there is.
            cache.start();
        } else {
            byWatched.put(watched, cache);
        }
    }

    private CoordCache cache(Watched watched) {
        CoordCache cache = caches.tree(watched.path()).maxDepth(watched.depth()).build();
        all.add(cache);
        return cache;
    }

    /** Begins to tell. Without effect when it was started or stopped before. */
    public synchronized void start() {
        if (!started && !stopped) {
            started = true;
            all.forEach(CoordCache::start);
        }
    }

    /**
     * Tells nothing more.
     *
     * @param patience how long to wait for each method that runs to return, before it is interrupted
     */
    public void stop(Duration patience) {
        List<ListenerThread> stopping;
        synchronized (this) {
            stopped = true;
            all.forEach(CoordCache::close);
            stopping = List.copyOf(threads);
        }
        stopping.forEach(each -> each.stop(patience));
    }
}
