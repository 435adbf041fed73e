package io.coord.server.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * A digest of the tree as it was at one moment, put together a few nodes at a time while the tree changes on. It is the same for
 * trees that hold the same; another one than {@link TreeDigest#of}, which looks at more.
 */
public final class TreeReview {
    private final TreeCut cut;
    private long sum;

    public TreeReview(ZnodeTree tree) {
        this.cut = tree.beginCutBeside(node -> sum += TreeDigest.ofNode(node));
    }

    /**
     * Looks at some more nodes.
     *
     * @return whether there are others
     */
    public boolean next(int nodes) {
        for (int i = 0; i < nodes; i++) {
            @Nullable Znode node = cut.next();
            if (node == null) {
                cut.end();
                return false;
            }
            sum += TreeDigest.ofNode(node);
        }
        return true;
    }

    /** Of the nodes that were looked at. */
    public long digest() {
        return sum;
    }

    /** To be called when it is given up; harmless when it is over. */
    public void end() {
        cut.end();
    }
}
