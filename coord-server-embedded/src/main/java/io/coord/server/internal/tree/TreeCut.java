package io.coord.server.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * The tree as it was when the cut began, handed out node by node while the tree changes on. It holds the nodes of then; one
 * that is about to change, and has not been handed out yet, is handed to the sink first. So each node of then goes to
 * exactly one of the two, as it was then; slots of children keep their numbers until the cut ends.
 */
public final class TreeCut {
    /** Takes a node that is about to change; must copy what it needs before it returns. */
    @FunctionalInterface
    public interface Sink {
        void save(Znode node);
    }

    private final ZnodeTree tree;
    private final int number;
    private final Sink changedEarly;
    private @Nullable Znode[] nodes;
    private int next;

    TreeCut(ZnodeTree tree, @Nullable Znode[] nodes, int number, Sink changedEarly) {
        this.tree = tree;
        this.nodes = nodes;
        this.number = number;
        this.changedEarly = changedEarly;
    }

    /** How many nodes the cut holds in all. */
    public int size() {
        return nodes.length;
    }

    /** A node that has not been handed out or saved yet; null when there is none left. */
    public @Nullable Znode next() {
        while (next < nodes.length) {
            Znode node = nodes[next];
            nodes[next++] = null;
            if (node != null && node.cut != number) {
                node.cut = number;
                return node;
            }
        }
        return null;
    }

    /** Ends the cut; harmless when it has ended. */
    public void end() {
        nodes = new @Nullable Znode[0];
        tree.endCut(this);
    }

    void saveBeforeChange(Znode node) {
        if (node.cut != number) {
            node.cut = number;
            changedEarly.save(node);
        }
    }
}
