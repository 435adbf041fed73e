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
    private final int size;
    private final Sink changedEarly;
    /** One that began before this one. */
    private @Nullable TreeCut before;

    private final TreeWalk walk;
    /** One bit for each handle of then: whether its node is saved, or another one has the handle by now. */
    private final long[] done;

    TreeCut(ZnodeTree tree, Sink changedEarly, @Nullable TreeCut before) {
        this.tree = tree;
        this.size = tree.size();
        this.changedEarly = changedEarly;
        this.before = before;
        this.walk = new TreeWalk(tree.store(), tree.root());
        this.done = new long[(tree.store().handleEnd() >> 6) + 1];
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
        for (int node = walk.next(); node != ZnodeStore.NONE; node = walk.next()) {
            if (finish(node)) {
                return tree.view(node);
            }
        }
        return null;
    }

    /** Ends the cut; harmless when it has ended. */
    public void end() {
        tree.endCut(this);
    }

    /** This one and those before it, but for one that has ended. */
    @Nullable
    TreeCut without(TreeCut ended) {
        if (this == ended) {
            return before;
        }
        if (before != null) {
            before = before.without(ended);
        }
        return this;
    }

    void saveBeforeChange(int node) {
        for (TreeCut each = this; each != null; each = each.before) {
            if (each.finish(node)) {
                each.changedEarly.save(tree.view(node));
            }
        }
    }

    /** A node is younger than the cut. */
    void onCreated(int node) {
        for (TreeCut each = this; each != null; each = each.before) {
            each.finish(node);
        }
    }

    /** Another node may have the handle from now on; this one was saved before it was deleted. */
    void onFreed(int node) {
        for (TreeCut each = this; each != null; each = each.before) {
            each.walk.onFreed(node);
        }
    }

    /** False if that was done, or if the handle is younger than the cut. */
    private boolean finish(int node) {
        int word = node >> 6;
        long bit = 1L << node;
        if (word >= done.length || (done[word] & bit) != 0) {
            return false;
        }
        done[word] |= bit;
        return true;
    }
}
