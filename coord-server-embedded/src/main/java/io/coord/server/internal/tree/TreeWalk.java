package io.coord.server.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * Goes from node to node, parents before their children and those in their order. The tree may change between two steps: a
 * node that was there all the time is met exactly once, provided that slots of children keep their numbers.
 */
final class TreeWalk {
    private @Nullable Znode first;
    /** Whose children come next, from the slot on; null at the end. A deleted one leads on, for it still knows its place. */
    private @Nullable Znode parent;

    private int slot;

    TreeWalk(Znode root) {
        this.first = root;
        this.parent = root;
    }

    /** Null when there is none left. */
    @Nullable
    Znode next() {
        Znode root = first;
        if (root != null) {
            first = null;
            return root;
        }
        while (parent != null) {
            Children children = parent.children();
            Znode child = children == null ? null : children.firstFrom(slot);
            if (child != null) {
                parent = child;
                slot = 0;
                return child;
            }
            slot = parent.slot + 1;
            parent = parent.parent;
        }
        return null;
    }
}
