package io.coord.verification.simulation.invariant;

import io.coord.protocol.data.Stat;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.Response;
import io.coord.recipes.cache.CachedNode;
import io.coord.server.internal.tree.Znode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a cache promises: states that there were, in their order, each deletion behind which a znode was made again, and in the end the tree. */
public final class CachesShowTheTree extends Invariant {
    private static final class Cache {
        final String root;
        final NavigableMap<String, CachedNode> copy;
        final Map<String, CachedNode> told = new HashMap<>();
        final Map<String, Long> newest = new HashMap<>();
        /** What the client had seen when the cache began to compare: nothing that it shows then may be older. */
        long comparedFrom;

        Cache(String root, NavigableMap<String, CachedNode> copy) {
            this.root = root;
            this.copy = copy;
        }
    }

    private final History history;
    private final Map<Integer, Cache> caches = new HashMap<>();
    private final Map<Integer, Long> seenZxids = new HashMap<>();
    private final Set<String> paths = new TreeSet<>();

    CachesShowTheTree(History history) {
        super(
                "a cache tells states that there were, each once and in their order, a znode that was made again as a deletion"
                        + " and a creation, and none that is newer than what it shows; when it says that it is complete it shows nothing"
                        + " from before it began to compare, and when it is quiet it shows the tree");
        this.history = history;
    }

    /** A client has a cache of a tree from now on, and this is what the cache shows. */
    public void onCache(int client, String root, NavigableMap<String, CachedNode> copy) {
        caches.put(client, new Cache(root, copy));
    }

    @Override
    protected void onReply(
            int client, int xid, long zxid, int error, @Nullable Request request, @Nullable Response response) {
        seenZxids.merge(client, zxid, Math::max);
    }

    @Override
    protected void onApplied(Commit commit) {
        commit.effects().changes().forEach(each -> paths.add(each.path()));
    }

    /** It has a connection and a watch, and begins to compare what it shows with what there is. */
    public void onCompares(int client) {
        Cache cache = caches.get(client);
        if (cache != null) {
            cache.comparedFrom = seenZxids.getOrDefault(client, 0L);
        }
    }

    /** It says that it is complete. */
    public void onComplete(int client) {
        Cache cache = caches.get(client);
        if (cache == null) {
            return;
        }
        for (String path : paths) {
            if (path.equals(cache.root) || path.startsWith(cache.root + '/')) {
                CachedNode shown = cache.copy.get(path);
                require(
                        history.since(path, cache.comparedFrom).stream().anyMatch(each -> isShown(each, shown)),
                        "the cache of client %d is complete and shows %s for %s, as it was before zxid 0x%x",
                        client,
                        shown,
                        path,
                        cache.comparedFrom);
            }
        }
    }

    private static boolean isShown(History.Node node, @Nullable CachedNode shown) {
        Stat stat = node.stat();
        if (stat == null || shown == null) {
            return stat == null && shown == null;
        }
        return stat.czxid() == shown.stat().czxid()
                && stat.mzxid() == shown.stat().mzxid();
    }

    @Override
    protected void onClientGone(int client) {
        caches.remove(client);
        seenZxids.remove(client);
    }

    /**
     * A cache tells its listeners.
     *
     * @param before null when the znode was created
     * @param after null when it was deleted
     */
    public void onCacheChanged(int client, @Nullable CachedNode before, @Nullable CachedNode after) {
        Cache cache = caches.get(client);
        if (cache == null) {
            return;
        }
        CachedNode node = after == null ? before : after;
        if (node == null) {
            throw violation("client " + client + " is told of a change of nothing");
        }
        String path = node.path();
        CachedNode known = cache.told.get(path);
        require(
                known == null ? before == null : before != null && isSame(known, before),
                "the cache of client %d tells that %s was %s, before it was told as %s",
                client,
                path,
                before,
                known);
        CachedNode shown = cache.copy.get(path);
        if (after == null) {
            require(
                    shown == null || shown.stat().czxid() > node.stat().czxid(),
                    "the cache of client %d tells that %s is gone, and shows it",
                    client,
                    path);
            cache.told.remove(path);
            return;
        }
        require(
                shown != null && shown.stat().mzxid() >= after.stat().mzxid(),
                "the cache of client %d tells of %s, and shows %s",
                client,
                after,
                shown);
        cache.told.put(path, after);
        Stat stat = after.stat();
        require(
                before == null || before.stat().czxid() == stat.czxid(),
                "the cache of client %d tells that %s changed, and it was deleted and made again",
                client,
                path);
        Long newest = cache.newest.put(path, stat.mzxid());
        require(
                newest == null || newest < stat.mzxid(),
                "the cache of client %d tells of %s at zxid 0x%x after 0x%x",
                client,
                path,
                stat.mzxid(),
                newest);
        History.Node then = history.at(path, stat.mzxid());
        Stat real = then.stat();
        require(
                real != null && real.czxid() == stat.czxid() && Arrays.equals(then.data(), after.data()),
                "the cache of client %d tells of %s as it never was: %s",
                client,
                path,
                after);
    }

    private static boolean isSame(CachedNode one, CachedNode other) {
        return one.stat().czxid() == other.stat().czxid()
                && one.stat().mzxid() == other.stat().mzxid()
                && Arrays.equals(one.data(), other.data());
    }

    @Override
    protected void atEnd() {
        caches.forEach((client, cache) -> {
            Set<String> there = new HashSet<>();
            compare(client, cache, cache.root, there);
            for (String each : cache.copy.keySet()) {
                require(there.contains(each), "the cache of client %d shows %s, which is not there", client, each);
            }
            for (String each : cache.told.keySet()) {
                require(there.contains(each), "client %d was not told that %s is gone", client, each);
            }
        });
    }

    private void compare(int client, Cache cache, String path, Set<String> there) {
        Znode node = history.reference().tree().get(path);
        if (node == null) {
            return;
        }
        there.add(path);
        CachedNode shown = cache.copy.get(path);
        CachedNode told = cache.told.get(path);
        CachedNode real = new CachedNode(path, node.stat(), node.data());
        require(shown != null && isSame(shown, real), "the cache of client %d shows %s for %s", client, shown, real);
        require(told != null && isSame(told, real), "client %d was told last %s of %s", client, told, real);
        for (String each : history.reference().tree().childNames(node)) {
            compare(client, cache, path + '/' + each, there);
        }
    }
}
