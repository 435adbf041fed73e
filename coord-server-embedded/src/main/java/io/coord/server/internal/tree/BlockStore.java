package io.coord.server.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Memory for millions of small blocks of bytes, in a few large arrays that hold no references: the collector neither visits
 * nor moves a block. A block is known by its handle, with which it begins. Where it lies changes: who has asked for
 * {@link #bytes} and {@link #offset} must ask again after any block has come or gone.
 *
 * <p>Blocks of one size lie in pages, side by side; when one goes, the last of its size moves into the gap. Pages lie side by
 * side; when one goes, the last page moves into the gap. So what is not used is at most two pages of each size that was ever
 * needed, and at the end a chunk and a half.
 */
final class BlockStore {
    static final int HANDLE_BYTES = Integer.BYTES;
    /** Larger blocks are arrays of their own. */
    static final int LONGEST_IN_PAGE = 2048;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int ARRAY_HEADER_BYTES = 16;
    /** Addresses and sizes count so many bytes, as a power of two: 16 GB in all. */
    private static final int UNIT_BITS = 3;

    /**
     * A collector by regions lets an array of more than half a region stay where it is. So chunks are large, and with their
     * header fill whole regions.
     */
    private static final int CHUNK_BITS = 22;

    private static final int CHUNK_BYTES = (1 << CHUNK_BITS) - ARRAY_HEADER_BYTES;
    private static final int FIRST_CHUNK_BYTES = 1 << 16;
    private static final byte[] NO_CHUNK = {};

    private static final int PAGE_BITS = 14;
    private static final int PAGE_UNITS = 1 << (PAGE_BITS - UNIT_BITS);
    private static final int CHUNK_PAGES = 1 << (CHUNK_BITS - PAGE_BITS);
    /** The last page of a chunk lacks the header's bytes; the others do without them. */
    private static final int PAGE_BYTES = (1 << PAGE_BITS) - ARRAY_HEADER_BYTES;

    private static final int MOST_PAGES = 1 << (Integer.SIZE - 1 + UNIT_BITS - PAGE_BITS);

    private final AddressTable addresses = new AddressTable();
    private final NumberedTable<byte[]> largeBlocks = new NumberedTable<>();
    private final @Nullable BlockSize[] sizes = new @Nullable BlockSize[(LONGEST_IN_PAGE >> UNIT_BITS) + 1];
    /** Behind the last one come arrays without a length. */
    private byte[][] chunks = {new byte[FIRST_CHUNK_BYTES]};

    private int chunkCount = 1;
    /** Whose blocks a page holds, and its place in the list of those. */
    private @Nullable BlockSize[] pageOwners = new @Nullable BlockSize[4];

    private int[] pageIndexes = new int[4];
    private int pageCount;

    /**
     * How many units all blocks may cost, and what they cost: each its part of a page. It follows from the blocks alone,
     * whereas the number of pages depends on what there was before: a replica that was restored from a snapshot has fewer,
     * and must refuse the same block as all others.
     */
    private final long mostCost;

    private long cost;

    BlockStore() {
        this(MOST_PAGES);
    }

    /** @param mostPages never are there more pages, those included that are kept for a while */
    BlockStore(int mostPages) {
        this.mostCost = (long) (mostPages - 2 * sizes.length) * PAGE_UNITS;
    }

    /** How many blocks there are. */
    int count() {
        return addresses.count();
    }

    /** The handles of all blocks are smaller. */
    int handleEnd() {
        return addresses.end();
    }

    /**
     * A new block. What is in it behind the handle is not defined.
     *
     * @throws IllegalStateException when there are 16 GB of them; nothing has changed then, and whoever has the same blocks
     *     refuses the same
     */
    int allocate(int bytes) {
        int block = newBlock(bytes);
        int handle = addresses.take();
        place(handle, block);
        return handle;
    }

    /** Another block may have the handle right after. */
    void free(int handle) {
        int entry = addresses.get(handle);
        addresses.release(handle);
        if (entry < 0) {
            largeBlocks.remove(AddressTable.largeNumber(entry));
        } else {
            pageOwner(entry / PAGE_UNITS).remove(entry);
        }
    }

    /**
     * Gives the handle a new block, and the block that it had a new handle.
     *
     * @return the new handle
     * @throws IllegalStateException as {@link #allocate}
     */
    int replace(int handle, int bytes) {
        int block = newBlock(bytes);
        int before = addresses.take();
        place(before, addresses.get(handle));
        place(handle, block);
        return before;
    }

    /** Gives each of two handles the block of the other. */
    void swap(int one, int other) {
        int entry = addresses.get(one);
        place(one, addresses.get(other));
        place(other, entry);
    }

    /**
     * The array in which the block lies.
     *
     * @throws IllegalStateException when the handle has no block
     */
    byte[] bytes(int handle) {
        return bytesAt(addresses.get(handle));
    }

    /** Where the block begins in its array. */
    int offset(int handle) {
        return offsetAt(addresses.get(handle));
    }

    private byte[] bytesAt(int entry) {
        return entry < 0
                ? largeBlocks.get(AddressTable.largeNumber(entry))
                : chunks[entry >>> (CHUNK_BITS - UNIT_BITS)];
    }

    private static int offsetAt(int entry) {
        return entry < 0 ? 0 : entry << UNIT_BITS & ((1 << CHUNK_BITS) - 1);
    }

    /** Bytes of heap that are taken here, but for large blocks; used or not. */
    long reservedBytes() {
        return addresses.bytes() + chunks[0].length + (long) (chunkCount - 1) * CHUNK_BYTES;
    }

    private void place(int handle, int entry) {
        addresses.set(handle, entry);
        INT.set(bytesAt(entry), offsetAt(entry), handle);
    }

    private int newBlock(int bytes) {
        if (bytes > LONGEST_IN_PAGE) {
            return AddressTable.ofLarge(largeBlocks.add(new byte[bytes]));
        }
        int units = (bytes + (1 << UNIT_BITS) - 1) >> UNIT_BITS;
        BlockSize size = sizes[units];
        if (size == null) {
            size = new BlockSize(units);
            sizes[units] = size;
        }
        return size.add();
    }

    private BlockSize pageOwner(int page) {
        BlockSize owner = pageOwners[page];
        if (owner == null) {
            throw new IllegalStateException("nobody's page: " + page);
        }
        return owner;
    }

    private int takePage(BlockSize owner, int index) {
        int page = pageCount;
        makeRoomForPage(page);
        if (page == pageOwners.length) {
            pageOwners = Arrays.copyOf(pageOwners, 2 * page);
            pageIndexes = Arrays.copyOf(pageIndexes, 2 * page);
        }
        setOwner(page, owner, index);
        pageCount++;
        return page;
    }

    private void setOwner(int page, BlockSize owner, int index) {
        pageOwners[page] = owner;
        pageIndexes[page] = index;
    }

    private void makeRoomForPage(int page) {
        int chunk = page / CHUNK_PAGES;
        if (chunk == 0 && (page << PAGE_BITS) + PAGE_BYTES > chunks[0].length) {
            chunks[0] = Arrays.copyOf(chunks[0], Math.min(2 * chunks[0].length, CHUNK_BYTES));
        } else if (chunk == chunkCount) {
            if (chunk == chunks.length) {
                chunks = Arrays.copyOf(chunks, 2 * chunk);
                Arrays.fill(chunks, chunk, chunks.length, NO_CHUNK);
            }
            chunks[chunk] = new byte[CHUNK_BYTES];
            chunkCount++;
        }
    }

    /** Moves the last page to where the page was. */
    private void freePage(int page) {
        pageCount--;
        int last = pageCount;
        if (page != last) {
            BlockSize owner = pageOwner(last);
            int index = pageIndexes[last];
            setOwner(page, owner, index);
            owner.movePage(index, page);
        }
        pageOwners[last] = null;
        if (pageCount + CHUNK_PAGES / 2 <= (chunkCount - 1) * CHUNK_PAGES) {
            chunkCount--;
            chunks[chunkCount] = NO_CHUNK;
        }
    }

    private void copy(int from, int to, int units) {
        System.arraycopy(bytesAt(from), offsetAt(from), bytesAt(to), offsetAt(to), units << UNIT_BITS);
    }

    private void moved(int entry) {
        int handle = (int) INT.get(bytesAt(entry), offsetAt(entry));
        addresses.set(handle, entry);
    }

    /** All blocks of one size: an array without gaps, in pages. */
    private final class BlockSize {
        private final int units;
        private final int blocksInPage;
        /** Of one block, what no other one can use included. */
        private final int blockCost;

        private int[] pages = new int[1];
        /** Pages in the list; the last of them may be empty. */
        private int end;
        /** The page that holds the last block. */
        private int last;
        /** How many blocks are in it. */
        private int fill;

        BlockSize(int units) {
            this.units = units;
            this.blocksInPage = PAGE_BYTES / (units << UNIT_BITS);
            this.blockCost = (PAGE_UNITS + blocksInPage - 1) / blocksInPage;
        }

        int add() {
            if (cost + blockCost > mostCost) {
                throw new IllegalStateException("znodes take more than 16 GB");
            }
            boolean full = fill == blocksInPage;
            if (last + (full ? 1 : 0) == end) {
                if (end == pages.length) {
                    pages = Arrays.copyOf(pages, 2 * end);
                }
                pages[end] = takePage(this, end);
                end++;
            }
            if (full) {
                last++;
                fill = 0;
            }
            cost += blockCost;
            return pages[last] * PAGE_UNITS + units * fill++;
        }

        void remove(int entry) {
            cost -= blockCost;
            fill--;
            int moving = pages[last] * PAGE_UNITS + units * fill;
            if (moving != entry) {
                copy(moving, entry, units);
                moved(entry);
            }
            if (fill == 0 && last > 0) {
                last--;
                fill = blocksInPage;
            }
            // An empty page is kept for a while, lest one block that comes and goes again and again takes and frees a
            // page.
            if (end > last + 1 && fill <= blocksInPage / 2) {
                end--;
                freePage(pages[end]);
            }
        }

        /** The page at a place of the list moves. */
        void movePage(int index, int to) {
            int blocks = index < last ? blocksInPage : index == last ? fill : 0;
            copy(pages[index] * PAGE_UNITS, to * PAGE_UNITS, blocks * units);
            pages[index] = to;
            for (int i = 0; i < blocks; i++) {
                moved(to * PAGE_UNITS + i * units);
            }
        }
    }
}
