package io.coord.server.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * All znodes by path: open addressing with linear probing, no object besides the nodes. Hash values are keyed, so that
 * nobody can make up paths that collide; the order of the table therefore differs from server to server and must reach
 * nothing that replicas compare.
 */
final class PathTable {
    private static final int INITIAL_CAPACITY = 64;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long key;
    private @Nullable Znode[] slots = new @Nullable Znode[INITIAL_CAPACITY];
    private int size;

    PathTable(long key) {
        this.key = key;
    }

    int size() {
        return size;
    }

    @Nullable
    Znode get(String path) {
        @Nullable Znode[] table = slots;
        int mask = table.length - 1;
        for (int i = hash(path) & mask; ; i = (i + 1) & mask) {
            Znode node = table[i];
            if (node == null || node.path.equals(path)) {
                return node;
            }
        }
    }

    /** Adds a node whose path is not there yet. */
    void add(Znode node) {
        if ((size + 1) * 3 > slots.length * 2) {
            grow();
        }
        place(node, slots);
        size++;
    }

    void remove(Znode node) {
        @Nullable Znode[] table = slots;
        int mask = table.length - 1;
        int gap = hash(node.path) & mask;
        while (table[gap] != node) {
            if (table[gap] == null) {
                throw new IllegalStateException("not in the table: " + node);
            }
            gap = (gap + 1) & mask;
        }
        size--;
        closeGap(table, gap);
    }

    /** All nodes, in no order: a copy, quick enough to be made between two requests. */
    Znode[] toArray() {
        Znode[] nodes = new Znode[size];
        int next = 0;
        for (Znode node : slots) {
            if (node != null) {
                nodes[next++] = node;
            }
        }
        return nodes;
    }

    /** Moves up each later node of the run whose probe sequence leads over the gap. */
    private void closeGap(@Nullable Znode[] table, int start) {
        int mask = table.length - 1;
        int gap = start;
        for (int i = (gap + 1) & mask; ; i = (i + 1) & mask) {
            Znode node = table[i];
            if (node == null) {
                table[gap] = null;
                return;
            }
            int home = hash(node.path) & mask;
            if (((i - home) & mask) >= ((i - gap) & mask)) {
                table[gap] = node;
                gap = i;
            }
        }
    }

    private void grow() {
        @Nullable Znode[] larger = new @Nullable Znode[slots.length * 2];
        for (Znode node : slots) {
            if (node != null) {
                place(node, larger);
            }
        }
        slots = larger;
    }

    private void place(Znode node, @Nullable Znode[] table) {
        int mask = table.length - 1;
        int i = hash(node.path) & mask;
        while (table[i] != null) {
            i = (i + 1) & mask;
        }
        table[i] = node;
    }

    private int hash(String path) {
        long hash = key;
        for (int i = 0, length = path.length(); i < length; i++) {
            hash = (hash ^ path.charAt(i)) * MULTIPLIER;
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ (hash >>> 32));
    }
}
