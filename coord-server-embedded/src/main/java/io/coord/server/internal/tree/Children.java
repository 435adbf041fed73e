package io.coord.server.internal.tree;

import io.coord.protocol.wire.EncodedStrings;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The children of one znode in the order of their creation, which is the order of every reply on every replica. A deleted
 * child leaves a gap, so that deletion is one store; gaps are closed when they prevail, but never while slots are pinned
 * (a snapshot that is being written holds slot numbers, an edit may have to put a child back).
 */
final class Children {
    private static final int INITIAL_CAPACITY = 2;
    private static final int WORTH_SHRINKING = 64;

    int createCount;
    long pzxid;
    /** How many nodes are below, at any depth. */
    int descendants;
    /** Whether {@link ChildLists} holds the list. */
    boolean listed;

    private @Nullable Znode[] slots = new @Nullable Znode[INITIAL_CAPACITY];
    private int end;
    private int count;

    Children(long pzxid) {
        this.pzxid = pzxid;
    }

    int count() {
        return count;
    }

    void append(Znode child, boolean pinned) {
        if (end == slots.length) {
            if (!pinned && count < end - (end >> 2)) {
                compact(count + (count >> 1) + 1);
            } else {
                slots = Arrays.copyOf(slots, end + (end >> 1) + 1);
            }
        }
        child.slot = end;
        slots[end++] = child;
        count++;
    }

    void remove(Znode child) {
        slots[child.slot] = null;
        count--;
        while (end > 0 && slots[end - 1] == null) {
            end--;
        }
    }

    /** Closes the gaps when there are many. Renumbers slots: never while they are pinned. */
    void shrink() {
        if (slots.length >= WORTH_SHRINKING && count < slots.length >> 2) {
            compact(count * 2);
        }
    }

    /** Puts a child back where it was: the undoing of {@link #remove}. */
    void putBack(Znode child) {
        int slot = child.slot;
        if (slot >= slots.length) {
            slots = Arrays.copyOf(slots, Math.max(slot + 1, slots.length * 2));
        }
        slots[slot] = child;
        end = Math.max(end, slot + 1);
        count++;
    }

    /** Takes a child of a snapshot, which keeps its slot of then for {@link #finishRestore}. */
    void addRestored(Znode child) {
        if (end == slots.length) {
            slots = Arrays.copyOf(slots, end * 2);
        }
        slots[end++] = child;
        count++;
    }

    /** Brings the restored children into the order of their slots, and numbers them anew. */
    void finishRestore() {
        int before = -1;
        boolean ordered = true;
        for (int i = 0; i < end && ordered; i++) {
            Znode child = slots[i];
            ordered = child != null && child.slot > before;
            before = child == null ? before : child.slot;
        }
        if (!ordered) {
            Arrays.sort(slots, 0, end, Comparator.comparingInt(child -> child.slot));
        }
        if (end < slots.length - (slots.length >> 2)) {
            slots = Arrays.copyOf(slots, end);
        }
        for (int i = 0; i < end; i++) {
            slots[i].slot = i;
        }
    }

    /** The first child at a slot or behind it, null if there is none. */
    @Nullable
    Znode firstFrom(int slot) {
        for (int i = slot; i < end; i++) {
            Znode child = slots[i];
            if (child != null) {
                return child;
            }
        }
        return null;
    }

    /** The names in the order of creation, as a reply has them. */
    EncodedStrings names() {
        int length = Integer.BYTES;
        for (Znode child = firstFrom(0); child != null; child = firstFrom(child.slot + 1)) {
            length += Integer.BYTES + ZnodeBytes.nameLength(child.bytes);
        }
        EncodedStrings.Builder names = new EncodedStrings.Builder(count, length);
        for (Znode child = firstFrom(0); child != null; child = firstFrom(child.slot + 1)) {
            names.add(child.bytes, ZnodeBytes.nameStart(child.bytes), ZnodeBytes.nameLength(child.bytes));
        }
        return names.build();
    }

    private void compact(int capacity) {
        @Nullable Znode[] compacted = new @Nullable Znode[Math.max(INITIAL_CAPACITY, capacity)];
        int next = 0;
        for (int i = 0; i < end; i++) {
            Znode child = slots[i];
            if (child != null) {
                child.slot = next;
                compacted[next++] = child;
            }
        }
        slots = compacted;
        end = next;
    }
}
