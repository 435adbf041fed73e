package io.coord.recipes.cache;

import io.coord.protocol.data.ZnodePath;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes belong into a cache, and how much of them it keeps.
 *
 * @param maxDepth levels below the root; 0 for the root alone
 * @param filter asked about each path below the root; what it refuses is left out with all below it. Null for none.
 * @param maxNodeDataBytes longer data are not kept, the node's stat is
 * @param maxTotalDataBytes data that do not fit any more are not kept
 */
record CacheScope(
        String root,
        int maxDepth,
        @Nullable Predicate<String> filter,
        int maxNodes,
        int maxNodeDataBytes,
        long maxTotalDataBytes) {
    static final int UNLIMITED = Integer.MAX_VALUE;

    /** The root and everything below it. */
    static CacheScope wholeTree(String root) {
        return new CacheScope(root, UNLIMITED, null, UNLIMITED, UNLIMITED, Long.MAX_VALUE);
    }

    CacheScope withMaxDepth(int depth) {
        return new CacheScope(root, depth, filter, maxNodes, maxNodeDataBytes, maxTotalDataBytes);
    }

    CacheScope withFilter(Predicate<String> wanted) {
        return new CacheScope(root, maxDepth, wanted, maxNodes, maxNodeDataBytes, maxTotalDataBytes);
    }

    CacheScope withMaxNodes(int limit) {
        return new CacheScope(root, maxDepth, filter, limit, maxNodeDataBytes, maxTotalDataBytes);
    }

    CacheScope withMaxNodeDataBytes(int limit) {
        return new CacheScope(root, maxDepth, filter, maxNodes, limit, maxTotalDataBytes);
    }

    CacheScope withMaxTotalDataBytes(long limit) {
        return new CacheScope(root, maxDepth, filter, maxNodes, maxNodeDataBytes, limit);
    }

    boolean contains(String path) {
        return ZnodePath.isSameOrBelow(path, root) && depthOf(path) <= maxDepth && isWanted(path);
    }

    /** Whether children of this node, which the scope contains, may belong to it, too. */
    boolean descends(String path) {
        return depthOf(path) < maxDepth;
    }

    private int depthOf(String path) {
        if (path.length() == root.length()) {
            return 0;
        }
        int depth = 0;
        for (int i = root.length() == 1 ? 0 : root.length(); i < path.length(); i++) {
            if (path.charAt(i) == '/') {
                depth++;
            }
        }
        return depth;
    }

    private boolean isWanted(String path) {
        Predicate<String> wanted = filter;
        if (wanted == null || path.length() == root.length()) {
            return true;
        }
        for (int i = root.length() + 1; i < path.length(); i++) {
            if (path.charAt(i) == '/' && !wanted.test(path.substring(0, i))) {
                return false;
            }
        }
        return wanted.test(path);
    }
}
