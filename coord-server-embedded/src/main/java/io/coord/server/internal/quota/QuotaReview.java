package io.coord.server.internal.quota;

import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all quotas allow and all figures say, added up for each top-level znode, for operators; by the rules of ZooKeeper 3.9. Put
 * together a little at a time: what comes or goes meanwhile may count or not. Owner thread.
 */
public final class QuotaReview {
    /** What is added up. A limit is the hard one where there is one; what is no limit counts as -1. */
    public enum Figure {
        COUNT_LIMIT,
        BYTES_LIMIT,
        COUNT_USAGE,
        BYTES_USAGE
    }

    private static final int MOST_NAMESPACES = 200;

    private final ZnodeTree tree;
    private final String others;
    /** Paths that are still to be looked at, each with all below it. */
    private final Deque<String> waiting = new ArrayDeque<>();

    private final Map<Figure, SortedMap<String, Long>> sums = new EnumMap<>(Figure.class);

    /** @param others what stands for the top-level znodes beyond two hundred: clients can make as many as they like */
    public QuotaReview(ZnodeTree tree, String others) {
        this.tree = tree;
        this.others = others;
        for (Figure each : Figure.values()) {
            sums.put(each, new TreeMap<>());
        }
        if (tree.hasQuotas()) {
            waiting.add(ZnodeTree.QUOTA);
        }
    }

    /**
     * Looks at some more znodes.
     *
     * @return whether there are others
     */
    public boolean next(int znodes) {
        for (int i = 0; i < znodes && !waiting.isEmpty(); i++) {
            String path = waiting.remove();
            @Nullable Znode node = tree.get(path);
            if (node == null) {
                continue;
            }
            if (node.childCount() == 0) {
                add(path, node.data());
            } else {
                tree.childNames(node).forEach(name -> waiting.add(path + '/' + name));
            }
        }
        return !waiting.isEmpty();
    }

    private void add(String path, byte @Nullable [] data) {
        boolean isLimit = path.endsWith(Quotas.LIMITS);
        int end = path.indexOf('/', ZnodeTree.QUOTA.length() + 1);
        // The root has none.
        if (data == null || end < 0 || !(isLimit || path.endsWith(Quotas.FIGURES))) {
            return;
        }
        @Nullable QuotaFigures figures = QuotaFigures.parse(data);
        if (figures == null) {
            return;
        }
        String namespace = path.substring(ZnodeTree.QUOTA.length() + 1, end);
        if (isLimit) {
            add(Figure.COUNT_LIMIT, namespace, limit(figures.countHardLimit(), figures.count()));
            add(Figure.BYTES_LIMIT, namespace, limit(figures.byteHardLimit(), figures.bytes()));
        } else {
            add(Figure.COUNT_USAGE, namespace, figures.count());
            add(Figure.BYTES_USAGE, namespace, figures.bytes());
        }
    }

    private static long limit(long hard, long soft) {
        return hard >= 0 ? hard : soft;
    }

    private void add(Figure figure, String namespace, long value) {
        SortedMap<String, Long> sum = sums.get(figure);
        if (sum != null) {
            String key = sum.containsKey(namespace) || sum.size() < MOST_NAMESPACES ? namespace : others;
            sum.merge(key, value, Long::sum);
        }
    }

    /** By top-level znode; of those that were looked at. */
    public SortedMap<String, Long> sums(Figure figure) {
        return new TreeMap<>(sums.getOrDefault(figure, new TreeMap<>()));
    }
}
