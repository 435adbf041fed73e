package io.coord.server.internal.tree;

import java.util.Arrays;

/**
 * Where each block lies, by handle: an address from 0 on, or the number of a large block. Handles of blocks that are gone
 * are used again, the last one first; there are never more than blocks were at once.
 */
final class AddressTable {
    /** No block's handle. */
    static final int NONE = 0;

    private static final int PAGE_BITS = 16;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int FIRST_PAGE = 1 << 8;

    /** This bit alone: the rest is the number of a large block. */
    private static final int LARGE = 1 << 31;
    /** Both bits: no block, the rest is the next handle that is free. */
    private static final int FREE = 3 << 30;

    private static final int VALUE = ~FREE;

    private int[][] entries = {new int[FIRST_PAGE]};
    private int end = NONE + 1;
    private int free = NONE;
    private int count;

    AddressTable() {
        set(NONE, FREE);
    }

    /** How many handles are taken. */
    int count() {
        return count;
    }

    /** All handles are smaller. */
    int end() {
        return end;
    }

    static int ofLarge(int number) {
        return LARGE | number;
    }

    static int largeNumber(int entry) {
        return entry & VALUE;
    }

    /** @throws IllegalStateException when the handle is not taken */
    int get(int handle) {
        int entry = entries[handle >>> PAGE_BITS][handle & (PAGE - 1)];
        if ((entry & FREE) == FREE) {
            throw new IllegalStateException("there is no block " + handle);
        }
        return entry;
    }

    void set(int handle, int entry) {
        entries[handle >>> PAGE_BITS][handle & (PAGE - 1)] = entry;
    }

    /** A handle whose entry is to be set next. */
    int take() {
        int handle = free;
        if (handle != NONE) {
            free = entries[handle >>> PAGE_BITS][handle & (PAGE - 1)] & VALUE;
        } else {
            handle = end;
            makeRoom(handle);
            end++;
        }
        count++;
        return handle;
    }

    void release(int handle) {
        set(handle, FREE | free);
        free = handle;
        count--;
    }

    private void makeRoom(int handle) {
        int last = entries.length - 1;
        if (handle > VALUE) {
            throw new IllegalStateException("no more than " + VALUE + " znodes");
        } else if (handle >>> PAGE_BITS > last) {
            entries = Arrays.copyOf(entries, last + 2);
            entries[last + 1] = new int[PAGE];
        } else if ((handle & (PAGE - 1)) == entries[last].length) {
            entries[last] = Arrays.copyOf(entries[last], 2 * entries[last].length);
        }
    }

    /** Bytes of heap here. */
    long bytes() {
        long bytes = 0;
        for (int[] each : entries) {
            bytes += (long) Integer.BYTES * each.length;
        }
        return bytes;
    }
}
