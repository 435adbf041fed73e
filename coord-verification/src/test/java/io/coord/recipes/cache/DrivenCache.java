package io.coord.recipes.cache;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Stat;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The core of a cache of a whole tree, opened to the simulation; what {@code CacheFeed} does with listeners and a client. */
public final class DrivenCache {
    private static final int CONCURRENT_REQUESTS = 4;

    /** What is to be read of a node. */
    public enum Kind {
        DATA,
        STAT,
        CHILDREN
    }

    /** One read. */
    public record Read(Kind kind, String path) {}

    /** What {@link CachePort} asks for and tells. */
    public interface World {
        /** Answers, as those of {@link CachePort#read}, go to the cache. */
        void read(List<Read> reads, long epoch);

        /** Calls {@link DrivenCache#retry} after a while. */
        void retryLater(long epoch);

        /**
         * @param before null when it was created
         * @param after null when it was deleted
         */
        void changed(@Nullable CachedNode before, @Nullable CachedNode after);

        /** The picture is complete, for the first time or again. */
        void complete();
    }

    private final ConcurrentNavigableMap<String, CachedNode> nodes = new ConcurrentSkipListMap<>();
    private final CacheCore core;

    public DrivenCache(String root, World world) {
        this.core = new CacheCore(CacheScope.wholeTree(root), CONCURRENT_REQUESTS, nodes, new CachePort() {
            @Override
            public void read(List<CacheRead> reads, long epoch) {
                world.read(
                        reads.stream()
                                .map(each -> new Read(Kind.valueOf(each.kind().name()), each.path()))
                                .toList(),
                        epoch);
            }

            @Override
            public void retryLater(long epoch) {
                world.retryLater(epoch);
            }

            @Override
            public void onCreated(CachedNode node) {
                world.changed(null, node);
            }

            @Override
            public void onChanged(CachedNode before, CachedNode after) {
                world.changed(before, after);
            }

            @Override
            public void onDeleted(CachedNode node) {
                world.changed(node, null);
            }

            @Override
            public void onInitialized() {
                world.complete();
            }

            @Override
            public void onResynced() {
                world.complete();
            }

            @Override
            public void onLimitReached() {
                throw new IllegalStateException("it has no limit");
            }
        });
    }

    public NavigableMap<String, CachedNode> nodes() {
        return nodes;
    }

    public boolean isInSync() {
        return core.isInSync();
    }

    public void connected() {
        core.connected();
    }

    public void disconnected() {
        core.disconnected();
    }

    public void event(EventType type, String path, long zxid) {
        core.event(type, path, zxid);
    }

    public void dataRead(String path, Stat stat, byte[] data, long epoch) {
        core.dataRead(path, stat, data, epoch);
    }

    public void statRead(String path, Stat stat, long epoch) {
        core.statRead(path, stat, epoch);
    }

    public void childrenRead(String path, List<String> names, long pzxid, long epoch) {
        core.childrenRead(path, names, pzxid, epoch);
    }

    public void missing(String path, long epoch) {
        core.missing(path, epoch);
    }

    public void readFailed(String path, long epoch) {
        core.readFailed(path, false, epoch);
    }

    public void requestDone(long epoch) {
        core.requestDone(epoch);
    }

    public void retry(long epoch) {
        core.retry(epoch);
    }
}
