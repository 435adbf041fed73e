package io.coord.client.internal.watch;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.WatcherType;
import io.coord.protocol.data.ZnodePath;
import io.coord.protocol.request.SetWatchesRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The watches of a client by kind and path. The server sends one event for a change, however many watches of one
 * connection it fires; here it is handed to each of them, once per watcher. Owned by the network thread.
 *
 * <p>The server keeps what getData and exists arm in one table, so an event about a znode uses up both kinds.
 */
public final class WatchRegistry {
    private static final List<WatchKind> ONE_SHOT_OF_NODE = List.of(WatchKind.DATA, WatchKind.EXIST);

    private final Map<WatchKind, Map<String, List<WatchTarget>>> watches = new EnumMap<>(WatchKind.class);
    /** Written by the owner alone; read from anywhere. */
    private final AtomicInteger size = new AtomicInteger();

    public WatchRegistry() {
        for (WatchKind kind : WatchKind.values()) {
            watches.put(kind, new HashMap<>());
        }
    }

    /** How many watches there are. Thread-safe; counts what a call has armed before the call's result is there. */
    public int size() {
        return size.get();
    }

    /** A server has armed the watch. */
    public void add(WatchKind kind, String serverPath, WatchTarget target) {
        List<WatchTarget> targets = of(kind).computeIfAbsent(serverPath, path -> new ArrayList<>(1));
        if (addIfNew(targets, target, kind.isOneShot())) {
            size.incrementAndGet();
        }
    }

    private static boolean addIfNew(List<WatchTarget> targets, WatchTarget target, boolean once) {
        if (once) {
            for (WatchTarget each : targets) {
                if (each.isSameAs(target)) {
                    return false;
                }
            }
        }
        targets.add(target);
        return true;
    }

    /** Hands an event to all it concerns. */
    public void fire(EventType type, String serverPath, long zxid) {
        List<WatchTarget> told = new ArrayList<>();
        switch (type) {
            case NODE_CREATED, NODE_DATA_CHANGED -> takeOneShots(ONE_SHOT_OF_NODE, serverPath, told);
            case NODE_CHILDREN_CHANGED -> takeOneShots(List.of(WatchKind.CHILD), serverPath, told);
            case NODE_DELETED -> {
                takeOneShots(ONE_SHOT_OF_NODE, serverPath, told);
                takeOneShots(List.of(WatchKind.CHILD), serverPath, told);
            }
        }
        told.addAll(of(WatchKind.PERSISTENT).getOrDefault(serverPath, List.of()));
        if (type != EventType.NODE_CHILDREN_CHANGED) {
            addRecursive(serverPath, told);
        }
        for (WatchTarget each : told) {
            each.tell(type, serverPath, zxid);
        }
    }

    private void takeOneShots(List<WatchKind> kinds, String serverPath, List<WatchTarget> told) {
        for (WatchKind kind : kinds) {
            List<WatchTarget> targets = of(kind).remove(serverPath);
            if (targets != null) {
                size.addAndGet(-targets.size());
                for (WatchTarget each : targets) {
                    addIfNew(told, each, true);
                }
            }
        }
    }

    private void addRecursive(String serverPath, List<WatchTarget> told) {
        Map<String, List<WatchTarget>> recursive = of(WatchKind.PERSISTENT_RECURSIVE);
        if (recursive.isEmpty()) {
            return;
        }
        String path = serverPath;
        while (true) {
            told.addAll(recursive.getOrDefault(path, List.of()));
            if (path.length() == 1) {
                return;
            }
            path = ZnodePath.parent(path);
        }
    }

    /**
     * Ends one watch.
     *
     * @return what to remove from the server; null when another watch needs it, or the watch is not there
     */
    public @Nullable WatcherType remove(WatchKind kind, String serverPath, WatchTarget target) {
        List<WatchTarget> targets = of(kind).get(serverPath);
        if (targets == null || !targets.remove(target)) {
            return null;
        }
        size.decrementAndGet();
        dropIfEmpty(kind, serverPath, targets);
        return unneeded(kind, serverPath);
    }

    /**
     * Ends watches of a path.
     *
     * @param unneeded gets what to remove from the server
     * @return whether there were any
     */
    public boolean withdraw(WatchWithdrawal which, List<WatcherType> unneeded) {
        boolean found = false;
        for (WatchKind kind : WatchKind.values()) {
            List<WatchTarget> targets = of(kind).get(which.serverPath());
            if (targets == null || !(which.type() == WatcherType.ANY || which.type() == kind.serverType())) {
                continue;
            }
            int before = targets.size();
            targets.removeIf(each -> each.closeIfFor(which.watcher()));
            int ended = before - targets.size();
            if (ended == 0) {
                continue;
            }
            found = true;
            size.addAndGet(-ended);
            dropIfEmpty(kind, which.serverPath(), targets);
            WatcherType type = unneeded(kind, which.serverPath());
            if (type != null && !unneeded.contains(type)) {
                unneeded.add(type);
            }
        }
        return found;
    }

    private void dropIfEmpty(WatchKind kind, String serverPath, List<WatchTarget> targets) {
        if (targets.isEmpty()) {
            of(kind).remove(serverPath);
        }
    }

    private @Nullable WatcherType unneeded(WatchKind kind, String serverPath) {
        return isNeeded(kind.serverType(), serverPath) ? null : kind.serverType();
    }

    /** Whether the client holds a watch for which the server must keep one of this type. */
    public boolean isNeeded(WatcherType type, String serverPath) {
        for (WatchKind each : WatchKind.values()) {
            if (each.serverType() == type && of(each).containsKey(serverPath)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The requests that arm everything on a new connection.
     *
     * @param since the last change that the client has seen of a watch; 0 after a lost session, when one-shot watches fire
     *     whether something was missed or not
     * @param maxPathBytes of one request, so that it fits into a frame
     */
    public List<SetWatchesRequest> rearming(ToLongBiFunction<WatchKind, String> since, int maxPathBytes) {
        List<SetWatchesRequest> requests = new ArrayList<>();
        Map<Long, SetWatchesBatch> open = new TreeMap<>();
        for (WatchKind kind : WatchKind.values()) {
            for (String path : of(kind).keySet()) {
                long relativeZxid = since.applyAsLong(kind, path);
                SetWatchesBatch batch = open.computeIfAbsent(relativeZxid, SetWatchesBatch::new);
                if (!batch.isEmpty() && !batch.hasRoom(path, maxPathBytes)) {
                    requests.add(batch.request());
                    batch = new SetWatchesBatch(relativeZxid);
                    open.put(relativeZxid, batch);
                }
                batch.add(kind, path);
            }
        }
        open.values().forEach(batch -> requests.add(batch.request()));
        return requests;
    }

    private Map<String, List<WatchTarget>> of(WatchKind kind) {
        Map<String, List<WatchTarget>> paths = watches.get(kind);
        if (paths == null) {
            throw new IllegalStateException("no table for " + kind);
        }
        return paths;
    }

    /** One setWatches request in the making. */
    private static final class SetWatchesBatch {
        private final Map<WatchKind, List<String>> paths = new EnumMap<>(WatchKind.class);
        private final long relativeZxid;
        private int bytes;

        SetWatchesBatch(long relativeZxid) {
            this.relativeZxid = relativeZxid;
        }

        void add(WatchKind kind, String path) {
            paths.computeIfAbsent(kind, any -> new ArrayList<>()).add(path);
            bytes += wireBytes(path);
        }

        /** No more than that: a character takes three bytes at most. */
        private static int wireBytes(String path) {
            return Integer.BYTES + path.length() * 3;
        }

        boolean isEmpty() {
            return bytes == 0;
        }

        boolean hasRoom(String path, int maxBytes) {
            return bytes + wireBytes(path) <= maxBytes;
        }

        SetWatchesRequest request() {
            boolean persistent =
                    paths.containsKey(WatchKind.PERSISTENT) || paths.containsKey(WatchKind.PERSISTENT_RECURSIVE);
            return new SetWatchesRequest(
                    persistent ? OpCode.SET_WATCHES2 : OpCode.SET_WATCHES,
                    relativeZxid,
                    of(WatchKind.DATA),
                    of(WatchKind.EXIST),
                    of(WatchKind.CHILD),
                    of(WatchKind.PERSISTENT),
                    of(WatchKind.PERSISTENT_RECURSIVE));
        }

        private List<String> of(WatchKind kind) {
            return paths.getOrDefault(kind, List.of());
        }
    }
}
