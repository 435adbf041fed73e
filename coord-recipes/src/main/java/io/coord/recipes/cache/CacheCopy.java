package io.coord.recipes.cache;

import io.coord.protocol.data.Stat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The nodes that a cache shows, within its limits; and the telling of what changes in them. Owned by the core. */
final class CacheCopy {
    /** Data up to this length are read again to compare a node: they take no more room than a few stats. */
    static final int SHORT_DATA_BYTES = 256;

    /** What became of a node that was read. */
    enum Put {
        /** Not in the copy before, or as another incarnation, whose children are taken out. */
        MADE_ANEW,
        KEPT,
        NO_ROOM
    }

    private final CacheScope scope;
    private final ConcurrentNavigableMap<String, CachedNode> nodes;
    private final CachePort port;
    private final Consumer<String> removed;
    private int count;
    private long dataBytes;

    /** @param removed told of each path that was taken out with its parent */
    CacheCopy(
            CacheScope scope,
            ConcurrentNavigableMap<String, CachedNode> nodes,
            CachePort port,
            Consumer<String> removed) {
        this.scope = scope;
        this.nodes = nodes;
        this.port = port;
        this.removed = removed;
    }

    @Nullable
    CachedNode get(String path) {
        return nodes.get(path);
    }

    /** The paths of children, also of those that are missing themselves but have something below them. */
    Iterator<String> children(String path) {
        return PathRange.children(nodes, path);
    }

    /** Whether so many nodes have gone that it pays to look for those that were left out. */
    boolean hasRoomAgain() {
        return count < scope.maxNodes() - scope.maxNodes() / 10;
    }

    /** Puts what was read of the entry's path. */
    Put put(CacheEntry entry, Stat stat, byte[] data) {
        CachedNode before = entry.known;
        if (before == null) {
            if (count >= scope.maxNodes()) {
                return Put.NO_ROOM;
            }
            CachedNode now = new CachedNode(entry.path, stat, fitting(data, 0));
            count++;
            dataBytes += now.data().length;
            show(entry, now);
            port.onCreated(now);
            return Put.MADE_ANEW;
        }
        if (before.stat().mzxid() == stat.mzxid() && before.hasData()) {
            confirm(entry, before, stat);
            return Put.KEPT;
        }
        CachedNode now = new CachedNode(before.path(), stat, fitting(data, before.data().length));
        dataBytes += now.data().length - before.data().length;
        if (before.stat().czxid() != stat.czxid()) {
            removeBelow(before.path(), stat.czxid());
            // One step from the old incarnation to the new one: nobody who looks finds the node missing in between.
            show(entry, now);
            port.onDeleted(before);
            port.onCreated(now);
            return Put.MADE_ANEW;
        }
        show(entry, now);
        if (before.stat().mzxid() != stat.mzxid()) {
            port.onChanged(before, now);
        }
        return Put.KEPT;
    }

    /** Its data have not changed. */
    void confirm(CacheEntry entry, CachedNode known, Stat stat) {
        if (!known.stat().equals(stat)) {
            show(entry, known.withStat(stat));
        }
    }

    private void show(CacheEntry entry, CachedNode now) {
        entry.known = now;
        nodes.put(now.path(), now);
    }

    private byte[] fitting(byte[] data, int heldBefore) {
        boolean fits = data.length <= scope.maxNodeDataBytes()
                && dataBytes - heldBefore + data.length <= scope.maxTotalDataBytes();
        return fits ? data : CachedNode.LEFT_OUT;
    }

    /** Takes a node and all below it out of the copy and tells it, children before their parents. */
    void removeTree(String path) {
        removeBelow(path, Long.MAX_VALUE);
        remove(path);
        removed.accept(path);
    }

    /** @param zxid of the new incarnation above: what is not older belongs to that, and was read before it */
    private void removeBelow(String path, long zxid) {
        for (CachedNode below :
                List.copyOf(PathRange.below(nodes, path).descendingMap().values())) {
            if (below.stat().czxid() < zxid) {
                remove(below.path());
                removed.accept(below.path());
            }
        }
    }

    private void remove(String path) {
        CachedNode gone = nodes.remove(path);
        if (gone != null) {
            count--;
            dataBytes -= gone.data().length;
            port.onDeleted(gone);
        }
    }
}
