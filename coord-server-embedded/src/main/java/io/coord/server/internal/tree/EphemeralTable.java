package io.coord.server.internal.tree;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ephemeral znodes of each session, in no order; each knows its place in the list, so that it is left in one step. */
final class EphemeralTable {
    private static final class Owned {
        int[] nodes = new int[2];
        int count;
    }

    private final Map<Long, Owned> bySession = new HashMap<>();
    private int count;

    int count() {
        return count;
    }

    void add(int node, ZnodeExtras extras) {
        Owned owned = bySession.computeIfAbsent(extras.owner, id -> new Owned());
        if (owned.count == owned.nodes.length) {
            owned.nodes = Arrays.copyOf(owned.nodes, 2 * owned.count);
        }
        extras.ephemeralIndex = owned.count;
        owned.nodes[owned.count++] = node;
        count++;
    }

    void remove(int node, ZnodeExtras extras, ZnodeStore store) {
        Owned owned = bySession.get(extras.owner);
        if (owned == null || owned.nodes[extras.ephemeralIndex] != node) {
            throw new IllegalStateException("not among the ephemerals: " + store.path(node));
        }
        int last = owned.nodes[--owned.count];
        owned.nodes[extras.ephemeralIndex] = last;
        store.needExtras(last).ephemeralIndex = extras.ephemeralIndex;
        if (owned.count == 0) {
            bySession.remove(extras.owner);
        } else if (owned.count < owned.nodes.length >> 2) {
            owned.nodes = Arrays.copyOf(owned.nodes, owned.nodes.length >> 1);
        }
        count--;
    }

    int[] of(long sessionId, int from, int most) {
        @Nullable Owned owned = bySession.get(sessionId);
        return owned == null || from >= owned.count
                ? new int[0]
                : Arrays.copyOfRange(owned.nodes, from, Math.min(owned.count, from + most));
    }

    int[] of(long sessionId) {
        @Nullable Owned owned = bySession.get(sessionId);
        return owned == null ? new int[0] : Arrays.copyOf(owned.nodes, owned.count);
    }
}
