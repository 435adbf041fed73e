package io.coord.server.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * The tree as it was when the cut began, handed out node by node while the tree changes on. Nothing is copied when it
 * begins: it walks the tree itself, and passes by what is younger. A node of then that is about to change or to vanish, and
 * has not been handed out yet, is handed to the sink first. So each node of then goes to exactly one of the two, as it was
 * then; slots of children keep their numbers until the cut ends.
 */
public final class TreeCut {
    /** Takes a node that is about to change; must copy what it needs before it returns. */
    @FunctionalInterface
    public interface Sink {
        void save(Znode node);
    }

    private final ZnodeTree tree;
    private final int number;
    private final int size;
    private final Sink changedEarly;
    private final TreeWalk walk;

    TreeCut(ZnodeTree tree, int number, Sink changedEarly) {
        this.tree = tree;
        this.number = number;
        this.size = tree.size();
        this.changedEarly = changedEarly;
        this.walk = new TreeWalk(tree.root());
    }

    /** How many nodes the cut holds in all. */
    public int size() {
        return size;
    }

    /**
     * A node that has not been handed out or saved yet; null when there is none left. A parent before its children and
     * those in their order, but for the ones that the sink got.
     */
    public @Nullable Znode next() {
        for (Znode node = walk.next(); node != null; node = walk.next()) {
            if (node.cut != number) {
                node.cut = number;
                return node;
            }
        }
        return null;
    }

    /** Ends the cut; harmless when it has ended. */
    public void end() {
        tree.endCut(this);
    }

    void saveBeforeChange(Znode node) {
        if (node.cut != number) {
            node.cut = number;
            changedEarly.save(node);
        }
    }
}
