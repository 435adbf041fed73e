package io.coord.server.internal.tree;

import io.coord.protocol.wire.EncodedStrings;
import java.util.Arrays;

/**
 * The children of one znode in the order of their creation, which is the order of every reply on every replica. A deleted
 * child leaves a gap, so that deletion is one store; gaps are closed when they prevail, but never while slots are pinned
 * (a snapshot that is being written holds slot numbers, an edit may have to put a child back).
 */
final class Children {
    private static final int INITIAL_CAPACITY = 2;
    private static final int WORTH_SHRINKING = 64;
    private static final int GAP = ZnodeStore.NONE;

    int createCount;
    long pzxid;
    /** How many nodes are below, at any depth. */
    int descendants;
    /** Whether {@link ChildLists} holds the list. */
    boolean listed;

    private int[] slots = new int[INITIAL_CAPACITY];
    private int end;
    private int count;

    Children(long pzxid) {
        this.pzxid = pzxid;
    }

    int count() {
        return count;
    }

    void append(int child, ZnodeStore store, boolean pinned) {
        if (end == slots.length) {
            if (!pinned && count < end - (end >> 2)) {
                compact(count + (count >> 1) + 1, store);
            } else {
                slots = Arrays.copyOf(slots, end + (end >> 1) + 1);
            }
        }
        store.setSlot(child, end);
        slots[end++] = child;
        count++;
    }

    void remove(int slot) {
        slots[slot] = GAP;
        count--;
        while (end > 0 && slots[end - 1] == GAP) {
            end--;
        }
    }

    /** Closes the gaps when there are many. Renumbers slots: never while they are pinned. */
    void shrink(ZnodeStore store) {
        if (slots.length >= WORTH_SHRINKING && count < slots.length >> 2) {
            compact(count * 2, store);
        }
    }

    /** Puts a child back where it was: the undoing of {@link #remove}. */
    void putBack(int child, int slot) {
        if (slot >= slots.length) {
            slots = Arrays.copyOf(slots, Math.max(slot + 1, slots.length * 2));
        }
        slots[slot] = child;
        end = Math.max(end, slot + 1);
        count++;
    }

    /** Takes a child of a snapshot, which keeps its slot of then for {@link #finishRestore}. */
    void addRestored(int child) {
        if (end == slots.length) {
            slots = Arrays.copyOf(slots, end * 2);
        }
        slots[end++] = child;
        count++;
    }

    /** Brings the restored children into the order of their slots, and numbers them anew. */
    void finishRestore(ZnodeStore store) {
        int before = -1;
        boolean ordered = true;
        for (int i = 0; i < end && ordered; i++) {
            int slot = store.slot(slots[i]);
            ordered = slot > before;
            before = slot;
        }
        if (!ordered) {
            sortBySlot(store);
        }
        if (end < slots.length - (slots.length >> 2)) {
            slots = Arrays.copyOf(slots, end);
        }
        for (int i = 0; i < end; i++) {
            store.setSlot(slots[i], i);
        }
    }

    private void sortBySlot(ZnodeStore store) {
        long[] keyed = new long[end];
        for (int i = 0; i < end; i++) {
            keyed[i] = (long) store.slot(slots[i]) << Integer.SIZE | slots[i];
        }
        Arrays.sort(keyed);
        for (int i = 0; i < end; i++) {
            slots[i] = (int) keyed[i];
        }
    }

    /** The first child at a slot or behind it, {@link ZnodeStore#NONE} if there is none. */
    int firstFrom(int slot) {
        for (int i = slot; i < end; i++) {
            if (slots[i] != GAP) {
                return slots[i];
            }
        }
        return GAP;
    }

    /** The names in the order of creation, as a reply has them. */
    EncodedStrings names(ZnodeStore store) {
        int length = Integer.BYTES;
        for (int i = 0; i < end; i++) {
            if (slots[i] != GAP) {
                length += Integer.BYTES + store.nameLength(slots[i]);
            }
        }
        EncodedStrings.Builder names = new EncodedStrings.Builder(count, length);
        for (int i = 0; i < end; i++) {
            int child = slots[i];
            if (child != GAP) {
                names.add(store.bytes(child), store.nameStart(child), store.nameLength(child));
            }
        }
        return names.build();
    }

    private void compact(int capacity, ZnodeStore store) {
        int[] compacted = new int[Math.max(INITIAL_CAPACITY, capacity)];
        int next = 0;
        for (int i = 0; i < end; i++) {
            int child = slots[i];
            if (child != GAP) {
                store.setSlot(child, next);
                compacted[next++] = child;
            }
        }
        slots = compacted;
        end = next;
    }
}
