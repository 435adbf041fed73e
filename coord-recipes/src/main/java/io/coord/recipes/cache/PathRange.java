package io.coord.recipes.cache;

import io.coord.protocol.data.ZnodePath;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/** What lies below a node, in a map by paths. All paths below {@code /a} stand between {@code /a/} and {@code /a0}. */
final class PathRange {
    /** The character behind the slash. */
    private static final char BEHIND_SLASH = '/' + 1;

    private PathRange() {}

    /** All below a node, without itself. A view. */
    static ConcurrentNavigableMap<String, CachedNode> below(
            ConcurrentNavigableMap<String, CachedNode> nodes, String path) {
        String first = ZnodePath.child(path, "");
        return nodes.subMap(first, false, endOf(first), false);
    }

    /**
     * The paths of those children that are in the map, or of which something below is. Each comes once; trees are stepped
     * over. The map may change meanwhile.
     */
    static Iterator<String> children(NavigableMap<String, CachedNode> nodes, String path) {
        String first = ZnodePath.child(path, "");
        return new Iterator<>() {
            private @Nullable String next = childFrom(nodes.higherKey(first));

            /**
             * Between a child and what is below it stand those brothers whose names go on with a character before the slash, so
             * what is below it is met once more later.
             */
            private @Nullable String childFrom(@Nullable String from) {
                String key = from;
                while (key != null && key.startsWith(first)) {
                    int end = key.indexOf('/', first.length());
                    if (end < 0) {
                        return key;
                    }
                    String child = key.substring(0, end);
                    if (!nodes.containsKey(child)) {
                        return child;
                    }
                    key = nodes.ceilingKey(endOf(child + '/'));
                }
                return null;
            }

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public String next() {
                String child = next;
                if (child == null) {
                    throw new NoSuchElementException();
                }
                boolean isInTheMap = nodes.containsKey(child);
                next = childFrom(isInTheMap ? nodes.higherKey(child) : nodes.ceilingKey(endOf(child + '/')));
                return child;
            }
        };
    }

    /** The first key behind all that begin with this, which ends with a slash. */
    private static String endOf(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + BEHIND_SLASH;
    }
}
