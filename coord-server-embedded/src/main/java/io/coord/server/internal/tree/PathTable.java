package io.coord.server.internal.tree;

import java.util.Arrays;

/**
 * All znodes but the root by path, in pages. The upper bits of a path's hash choose the page, the lower ones its slot, from
 * which on it is searched linearly. A full page is split in two by the next of the upper bits: so the table never grows as
 * a whole, which with millions of nodes would hold up everyone for tenths of a second. A slot has the hash beside the
 * handle, so that no node is looked at but the one that is sought.
 *
 * <p>Hash values are keyed, so that nobody can make up paths that collide; the order of the table therefore differs from
 * server to server and must reach nothing that replicas compare.
 */
final class PathTable {
    private static final int FIRST_PAGE_SLOTS = 64;
    private static final int PAGE_SLOTS = 512;
    /** Beyond that a page grows instead; no heap holds so many nodes that they reach it. */
    private static final int MOST_DIRECTORY_BITS = 22;

    /** Few pages get so many more than the average that they have to be split. */
    private static final int RESERVED_FILL = PAGE_SLOTS / 8 * 5;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long key;
    private final ZnodeStore store;
    /** A page whose nodes share fewer bits than the directory has stands in several places, side by side. */
    private Page[] directory = new Page[2];

    private int directoryBits = 1;
    private int size;
    /** Slots of nodes that are to be found from {@link #addPending} on. */
    private long[] pending = {};

    private int pendingCount;

    PathTable(long key, ZnodeStore store) {
        this.key = key;
        this.store = store;
        Arrays.fill(directory, new Page(0, FIRST_PAGE_SLOTS));
    }

    int size() {
        return size;
    }

    /** The node whose path is the first {@code end} characters of the given one; {@link ZnodeStore#NONE} if there is none. */
    int get(String path, int end, int hash) {
        long[] slots = page(hash).slots;
        int mask = slots.length - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            long slot = slots[i];
            if (slot == 0 || (hashOf(slot) == hash && store.isAt(nodeOf(slot), path, end))) {
                return nodeOf(slot);
            }
        }
    }

    /** Adds a node whose path is not there yet. */
    void add(int node, int hash) {
        Page page = page(hash);
        while (page.isFull()) {
            makeRoom(page, hash);
            page = page(hash);
        }
        page.add(slot(node, hash));
        size++;
    }

    /** Adds a node that need not be found before {@link #addPending}; so the table is made as large at once as it must be. */
    void addLater(int node, int hash) {
        if (pendingCount == pending.length) {
            pending = Arrays.copyOf(pending, Math.max(1024, 2 * pendingCount));
        }
        pending[pendingCount++] = slot(node, hash);
    }

    /** A step as long as there are nodes: only while nobody waits. */
    void addPending() {
        reserve(size + pendingCount);
        for (int i = 0; i < pendingCount; i++) {
            add(nodeOf(pending[i]), hashOf(pending[i]));
        }
        pending = new long[0];
        pendingCount = 0;
    }

    /** Makes the pages that so many nodes need, the present ones included. */
    private void reserve(int nodes) {
        int bits = directoryBits;
        while (bits < MOST_DIRECTORY_BITS && (long) RESERVED_FILL << bits < nodes) {
            bits++;
        }
        if (bits == directoryBits) {
            return;
        }
        Page[] before = directory;
        directory = new Page[1 << bits];
        directoryBits = bits;
        for (int i = 0; i < directory.length; i++) {
            directory[i] = new Page(bits, PAGE_SLOTS);
        }
        size = 0;
        for (int i = 0; i < before.length; i++) {
            if (i == 0 || before[i] != before[i - 1]) {
                addAll(before[i].slots);
            }
        }
    }

    private void addAll(long[] slots) {
        for (long slot : slots) {
            if (slot != 0) {
                add(nodeOf(slot), hashOf(slot));
            }
        }
    }

    /** Removes a node whose path has this hash. */
    void remove(int node, int hash) {
        if (!page(hash).remove(slot(node, hash))) {
            throw new IllegalStateException("not in the table: " + store.path(node));
        }
        size--;
    }

    int hash(String path, int end) {
        return finish(hashing(key, path, end));
    }

    /** The start of a path's hash value, to be continued with a name and to be finished. */
    long hashing(String start) {
        return hashing(key, start);
    }

    /** Continues a hash value with the name of a node. */
    long hashing(long before, int node) {
        byte[] bytes = store.bytes(node);
        int start = store.nameStart(node);
        long hash = before;
        for (int i = start, end = start + store.nameLength(node); i < end; i++) {
            if (bytes[i] < 0) {
                return hashing(before, store.name(node));
            }
            hash = hashingCharacter(hash, bytes[i]);
        }
        return hash;
    }

    private static long hashing(long before, String text) {
        return hashing(before, text, text.length());
    }

    private static long hashing(long before, String text, int end) {
        long hash = before;
        for (int i = 0; i < end; i++) {
            hash = hashingCharacter(hash, text.charAt(i));
        }
        return hash;
    }

    private static long hashingCharacter(long before, int character) {
        long hash = (before ^ character) * MULTIPLIER;
        return hash ^ hash >>> 29;
    }

    static int finish(long hashing) {
        return (int) (hashing ^ (hashing >>> 32));
    }

    private static long slot(int node, int hash) {
        return (long) hash << Integer.SIZE | node;
    }

    private static int hashOf(long slot) {
        return (int) (slot >>> Integer.SIZE);
    }

    private static int nodeOf(long slot) {
        return (int) slot;
    }

    private Page page(int hash) {
        return directory[hash >>> (Integer.SIZE - directoryBits)];
    }

    private void makeRoom(Page page, int hash) {
        if (page.slots.length < PAGE_SLOTS || page.bits == MOST_DIRECTORY_BITS) {
            page.grow();
            return;
        }
        if (page.bits == directoryBits) {
            doubleDirectory();
        }
        split(page, hash);
    }

    private void doubleDirectory() {
        Page[] doubled = new Page[directory.length * 2];
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] = directory[i >> 1];
        }
        directory = doubled;
        directoryBits++;
    }

    /** The places of the page are those that share its bits: the lower half of them gets one new page, the upper another. */
    private void split(Page page, int hash) {
        Page lower = new Page(page.bits + 1, PAGE_SLOTS);
        Page upper = new Page(page.bits + 1, PAGE_SLOTS);
        int nextBit = Integer.SIZE - 1 - page.bits;
        for (long slot : page.slots) {
            if (slot != 0) {
                ((hashOf(slot) >>> nextBit & 1) == 0 ? lower : upper).add(slot);
            }
        }
        int places = 1 << (directoryBits - page.bits);
        int first = (hash >>> (Integer.SIZE - directoryBits)) & -places;
        Arrays.fill(directory, first, first + places / 2, lower);
        Arrays.fill(directory, first + places / 2, first + places, upper);
    }

    private static final class Page {
        /** How many of the upper bits of their hash all its nodes share. */
        final int bits;
        /** Hash and handle of a node, or 0. */
        long[] slots;

        private int count;

        Page(int bits, int capacity) {
            this.bits = bits;
            this.slots = new long[capacity];
        }

        boolean isFull() {
            return count >= slots.length - 3 * (slots.length >> 4);
        }

        void add(long slot) {
            int mask = slots.length - 1;
            int i = hashOf(slot) & mask;
            while (slots[i] != 0) {
                i = (i + 1) & mask;
            }
            slots[i] = slot;
            count++;
        }

        boolean remove(long slot) {
            int mask = slots.length - 1;
            int gap = hashOf(slot) & mask;
            while (slots[gap] != slot) {
                if (slots[gap] == 0) {
                    return false;
                }
                gap = (gap + 1) & mask;
            }
            count--;
            closeGap(gap);
            return true;
        }

        /** Moves up each later node of the run whose probe sequence leads over the gap. */
        private void closeGap(int start) {
            int mask = slots.length - 1;
            int gap = start;
            for (int i = (gap + 1) & mask; ; i = (i + 1) & mask) {
                long slot = slots[i];
                if (slot == 0) {
                    slots[gap] = 0;
                    return;
                }
                if (((i - hashOf(slot)) & mask) >= ((i - gap) & mask)) {
                    slots[gap] = slot;
                    gap = i;
                }
            }
        }

        void grow() {
            long[] before = slots;
            slots = new long[before.length * 2];
            count = 0;
            for (long slot : before) {
                if (slot != 0) {
                    add(slot);
                }
            }
        }
    }
}
