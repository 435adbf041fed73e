package io.coord.server.internal.tree;

/**
 * Goes through a node and all below it, from node to node, parents before their children and those in their order. The tree may change between two steps: a
 * node that was there all the time is met exactly once, provided that slots of children keep their numbers, and that
 * {@link #onFreed} hears of the end of each node.
 */
final class TreeWalk {
    private final ZnodeStore store;
    private final int root;
    private boolean begun;
    /** Whose children come next, from the slot on; {@link ZnodeStore#NONE} at the end. */
    private int parent;

    private int slot;

    TreeWalk(ZnodeStore store, int root) {
        this.store = store;
        this.root = root;
        this.parent = root;
    }

    /** {@link ZnodeStore#NONE} when there is none left. */
    int next() {
        if (!begun) {
            begun = true;
            return root;
        }
        while (parent != ZnodeStore.NONE) {
            Children children = store.children(parent);
            int child = children == null ? ZnodeStore.NONE : children.firstFrom(slot);
            if (child != ZnodeStore.NONE) {
                parent = child;
                slot = 0;
                return child;
            }
            leave();
        }
        return ZnodeStore.NONE;
    }

    /** A node that was deleted has no children, but only as long as it is there does it tell what comes behind it. */
    void onFreed(int node) {
        if (parent == node) {
            leave();
        }
    }

    private void leave() {
        slot = store.slot(parent) + 1;
        parent = parent == root ? ZnodeStore.NONE : store.parent(parent);
    }
}
