package io.coord.server.internal.quota;

import io.coord.server.internal.tree.TreeEdit;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import org.jspecify.annotations.Nullable;

/**
 * The quotas of a tree, by the rules of ZooKeeper 3.9. The quota of {@code /a} is the znode {@code
 * /zookeeper/quota/a/zookeeper_limits}; what there is below {@code /a}, itself included, stands in {@code zookeeper_stats} beside
 * it. Of a path and its ancestors only the nearest with a quota counts, and no other one's figures change. The root has none.
 *
 * <p>The figures are counted when their znode is created and follow each change from then on, as steps of the same edit. There
 * is nothing here beside the tree, so a rollback, a snapshot and a replica need not know of quotas.
 */
public final class Quotas {
    static final String LIMITS = "/zookeeper_limits";
    static final String FIGURES = "/zookeeper_stats";

    private final ZnodeTree tree;

    public Quotas(ZnodeTree tree) {
        this.tree = tree;
    }

    /**
     * What a change would lead beyond, a hard limit first; null when it may be done. ZooKeeper's order: znodes before bytes, and a
     * soft limit counts only where there is no hard one.
     *
     * @param znodes by how many there would be more
     * @param bytes by how many the data would be longer
     */
    public @Nullable QuotaExcess excess(String path, int znodes, long bytes) {
        @Nullable String quota = tree.hasQuotas() ? quotaOf(path) : null;
        if (quota == null) {
            return null;
        }
        @Nullable QuotaFigures limits = figures(tree.get(quota + LIMITS));
        @Nullable QuotaFigures present = figures(tree.get(quota + FIGURES));
        if (limits == null || present == null) {
            return null;
        }
        String owner = quota.substring(ZnodeTree.QUOTA.length());
        @Nullable
        QuotaExcess ofCount = znodes == 0
                ? null
                : excess(owner, "count", present.count() + znodes, limits.count(), limits.countHardLimit());
        @Nullable
        QuotaExcess ofBytes = bytes == 0
                ? null
                : excess(owner, "bytes", present.bytes() + bytes, limits.bytes(), limits.byteHardLimit());
        if (ofCount == null || (ofBytes != null && ofBytes.hard() && !ofCount.hard())) {
            return ofBytes;
        }
        return ofCount;
    }

    private static @Nullable QuotaExcess excess(String owner, String what, long value, long soft, long hard) {
        boolean isHard = hard >= 0;
        long limit = isHard ? hard : soft;
        return limit >= 0 && value > limit ? new QuotaExcess(owner, what, value, limit, isHard) : null;
    }

    /** To be called after a step that has created a node. */
    public void onCreated(TreeEdit edit, String path, int dataLength) {
        if (!tree.hasQuotas()) {
            return;
        }
        if (path.endsWith(FIGURES) && path.startsWith(ZnodeTree.QUOTA + '/')) {
            count(edit, path);
        }
        change(edit, path, 1, dataLength);
    }

    /** To be called after a step that has deleted a node. */
    public void onDeleted(TreeEdit edit, String path, Znode deleted) {
        if (tree.hasQuotas()) {
            change(edit, path, -1, -deleted.dataLength());
        }
    }

    /** To be called after a step that has given a node other data. */
    public void onDataSet(TreeEdit edit, String path, int before, int after) {
        if (tree.hasQuotas()) {
            change(edit, path, 0, (long) after - before);
        }
    }

    /** The figures of a path begin: whatever the client has written there, the truth takes its place. */
    private void count(TreeEdit edit, String figuresPath) {
        int end = figuresPath.length() - FIGURES.length();
        if (end <= ZnodeTree.QUOTA.length()) {
            return;
        }
        @Nullable Znode counted = tree.get(figuresPath.substring(ZnodeTree.QUOTA.length(), end));
        @Nullable Znode node = tree.get(figuresPath);
        if (node != null) {
            QuotaFigures figures = counted == null
                    ? QuotaFigures.of(0, 0)
                    : QuotaFigures.of(tree.descendantCount(counted) + 1L, tree.dataBytesIn(counted));
            edit.rewrite(node, figures.text());
        }
    }

    private void change(TreeEdit edit, String path, int znodes, long bytes) {
        @Nullable String quota = quotaOf(path);
        @Nullable Znode node = quota == null ? null : tree.get(quota + FIGURES);
        @Nullable QuotaFigures present = figures(node);
        if (node != null && present != null) {
            edit.rewrite(node, present.plus(znodes, bytes).text());
        }
    }

    /** Null also when a client has written what is no text of figures. */
    private static @Nullable QuotaFigures figures(@Nullable Znode node) {
        return node == null ? null : QuotaFigures.parse(node.data());
    }

    /** Where the quota that counts for a path has its znodes, null if there is none. */
    private @Nullable String quotaOf(String path) {
        String deepest = ZnodeTree.QUOTA + path;
        @Nullable String found = null;
        int end = ZnodeTree.QUOTA.length();
        while (end < deepest.length()) {
            int slash = deepest.indexOf('/', end + 1);
            end = slash < 0 ? deepest.length() : slash;
            if (tree.get(deepest, end) == null) {
                break;
            }
            String here = deepest.substring(0, end);
            if (tree.get(here + LIMITS) != null) {
                found = here;
            }
        }
        return found;
    }
}
