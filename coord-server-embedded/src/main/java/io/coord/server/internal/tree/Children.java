package io.coord.server.internal.tree;

import io.coord.protocol.data.ZnodePath;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The children of one znode in the order of their creation, which is the order of every reply on every replica. A deleted
 * child leaves a gap, so that deletion is one store; gaps are closed when they prevail, but never while slots are pinned
 * (a snapshot that is being written holds slot numbers, an edit may have to put a child back).
 */
final class Children {
    private static final int INITIAL_CAPACITY = 4;
    private static final int WORTH_SHRINKING = 64;

    int createCount;
    long pzxid;

    private @Nullable Znode[] slots = new @Nullable Znode[INITIAL_CAPACITY];
    private int end;
    private int count;
    /** The names as replied last; dropped with each change. */
    private @Nullable List<String> names;

    Children(long pzxid) {
        this.pzxid = pzxid;
    }

    int count() {
        return count;
    }

    void append(Znode child, boolean pinned) {
        if (end == slots.length) {
            if (!pinned && count < end - (end >> 2)) {
                compact();
            } else {
                slots = Arrays.copyOf(slots, end * 2);
            }
        }
        child.slot = end;
        slots[end++] = child;
        changed(1);
    }

    void remove(Znode child) {
        slots[child.slot] = null;
        changed(-1);
        while (end > 0 && slots[end - 1] == null) {
            end--;
        }
    }

    /** Closes the gaps when there are many. Renumbers slots: never while they are pinned. */
    void shrink() {
        if (slots.length >= WORTH_SHRINKING && count < slots.length >> 2) {
            compact();
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
        changed(1);
    }

    /** Takes over the children that a snapshot held, in whatever order it held them, with their slots of then. */
    void restore(List<Znode> restored) {
        Znode[] ordered = restored.toArray(new Znode[0]);
        Arrays.sort(ordered, (a, b) -> Integer.compare(a.slot, b.slot));
        slots = new @Nullable Znode[Math.max(INITIAL_CAPACITY, ordered.length)];
        for (int i = 0; i < ordered.length; i++) {
            ordered[i].slot = i;
            slots[i] = ordered[i];
        }
        end = ordered.length;
        count = ordered.length;
        names = null;
    }

    List<Znode> toList() {
        List<Znode> list = new ArrayList<>(count);
        for (int i = 0; i < end; i++) {
            Znode child = slots[i];
            if (child != null) {
                list.add(child);
            }
        }
        return list;
    }

    /** The names in the order of creation; an immutable list that later changes leave as it is. */
    List<String> names() {
        @Nullable List<String> known = names;
        if (known == null) {
            known = new Names(slots, end, count);
            names = known;
        }
        return known;
    }

    private void changed(int difference) {
        count += difference;
        names = null;
    }

    private void compact() {
        @Nullable Znode[] compacted = new @Nullable Znode[Math.max(INITIAL_CAPACITY, count * 2)];
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

    /** A plain array; an own class because {@link List#of} would copy it and check each name for null. */
    private static final class Names extends AbstractList<String> implements RandomAccess {
        private final String[] names;

        Names(@Nullable Znode[] slots, int end, int count) {
            names = new String[count];
            int next = 0;
            for (int i = 0; i < end; i++) {
                Znode child = slots[i];
                if (child != null) {
                    names[next++] = ZnodePath.name(child.path);
                }
            }
        }

        @Override
        public String get(int index) {
            return names[index];
        }

        @Override
        public int size() {
            return names.length;
        }
    }
}
