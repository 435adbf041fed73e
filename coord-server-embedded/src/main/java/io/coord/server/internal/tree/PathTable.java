package io.coord.server.internal.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All znodes but the root by path, in pages. The upper bits of a path's hash choose the page, the lower ones its slot, from
 * which on it is searched linearly. A full page is split in two by the next of the upper bits: so the table never grows as
 * a whole, which with millions of nodes would hold up everyone for tenths of a second.
 *
 * <p>Hash values are keyed, so that nobody can make up paths that collide; the order of the table therefore differs from
 * server to server and must reach nothing that replicas compare.
 */
final class PathTable {
    private static final int FIRST_PAGE_SLOTS = 64;
    private static final int PAGE_SLOTS = 512;
    /** Few pages get so many more than the average that they have to be split. */
    private static final int RESERVED_FILL = PAGE_SLOTS / 8 * 5;
    /** Beyond that a page grows instead; no heap holds so many nodes that they reach it. */
    private static final int MOST_DIRECTORY_BITS = 22;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long key;
    /** A page whose nodes share fewer bits than the directory has stands in several places, side by side. */
    private Page[] directory = new Page[2];

    private int directoryBits = 1;
    private int size;

    PathTable(long key) {
        this.key = key;
        Arrays.fill(directory, new Page(0, FIRST_PAGE_SLOTS));
    }

    int size() {
        return size;
    }

    /**
     * Makes the pages that so many nodes need, the present ones included, so that they come without splits. A step as long
     * as there are pages: only while nobody waits.
     */
    void reserve(int nodes) {
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
                addAll(before[i]);
            }
        }
    }

    private void addAll(Page page) {
        for (Znode node : page.slots) {
            if (node != null) {
                add(node);
            }
        }
    }

    /** The node whose path is the first {@code end} characters of the given one. */
    @Nullable
    Znode get(String path, int end) {
        int hash = hash(path, end);
        Page page = page(hash);
        for (int i = page.home(hash); ; i = page.next(i)) {
            Znode node = page.slots[i];
            if (node == null || (node.hash == hash && node.isAt(path, end))) {
                return node;
            }
        }
    }

    /** Adds a node whose path is not there yet. */
    void add(Znode node) {
        Page page = page(node.hash);
        while (page.isFull()) {
            makeRoom(page, node.hash);
            page = page(node.hash);
        }
        page.add(node);
        size++;
    }

    void remove(Znode node) {
        page(node.hash).remove(node);
        size--;
    }

    int hash(String path, int end) {
        return finish(hashing(key, path, end));
    }

    /** The start of a path's hash value, to be continued with a name and to be finished. */
    long hashing(String start) {
        return hashing(key, start, start.length());
    }

    static long hashing(long before, byte[] znodeBytes) {
        if (!ZnodeBytes.isAscii(znodeBytes)) {
            String name = ZnodeBytes.name(znodeBytes);
            return hashing(before, name, name.length());
        }
        long hash = before;
        int start = ZnodeBytes.nameStart(znodeBytes);
        for (int i = start, end = start + ZnodeBytes.nameLength(znodeBytes); i < end; i++) {
            hash = hashing(hash, znodeBytes[i]);
        }
        return hash;
    }

    private static long hashing(long before, String text, int end) {
        long hash = before;
        for (int i = 0; i < end; i++) {
            hash = hashing(hash, text.charAt(i));
        }
        return hash;
    }

    private static long hashing(long before, int character) {
        long hash = (before ^ character) * MULTIPLIER;
        return hash ^ hash >>> 29;
    }

    static int finish(long hashing) {
        return (int) (hashing ^ (hashing >>> 32));
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
        for (Znode node : page.slots) {
            if (node != null) {
                ((node.hash >>> nextBit & 1) == 0 ? lower : upper).add(node);
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

        @Nullable
        Znode[] slots;

        private int count;

        Page(int bits, int capacity) {
            this.bits = bits;
            this.slots = new @Nullable Znode[capacity];
        }

        boolean isFull() {
            return count >= slots.length - (slots.length >> 2);
        }

        int home(int hash) {
            return hash & (slots.length - 1);
        }

        int next(int slot) {
            return (slot + 1) & (slots.length - 1);
        }

        void add(Znode node) {
            int i = home(node.hash);
            while (slots[i] != null) {
                i = next(i);
            }
            slots[i] = node;
            count++;
        }

        void remove(Znode node) {
            int gap = home(node.hash);
            while (slots[gap] != node) {
                if (slots[gap] == null) {
                    throw new IllegalStateException("not in the table: " + node);
                }
                gap = next(gap);
            }
            count--;
            closeGap(gap);
        }

        /** Moves up each later node of the run whose probe sequence leads over the gap. */
        private void closeGap(int start) {
            int mask = slots.length - 1;
            int gap = start;
            for (int i = next(gap); ; i = next(i)) {
                Znode node = slots[i];
                if (node == null) {
                    slots[gap] = null;
                    return;
                }
                if (((i - home(node.hash)) & mask) >= ((i - gap) & mask)) {
                    slots[gap] = node;
                    gap = i;
                }
            }
        }

        void grow() {
            @Nullable Znode[] before = slots;
            slots = new @Nullable Znode[before.length * 2];
            count = 0;
            for (Znode node : before) {
                if (node != null) {
                    add(node);
                }
            }
        }
    }
}
