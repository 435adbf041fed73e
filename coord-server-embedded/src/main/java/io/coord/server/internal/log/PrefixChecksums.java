package io.coord.server.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * CRC32C of any stretch of a file, each at the same small price however long it is. The checksums of all that lies before
 * each block are kept, and the checksum of a difference follows from two of those: a CRC is linear, so that bytes which
 * follow only multiply what came before by a power of x. The file must not change meanwhile.
 */
public final class PrefixChecksums {
    static final int BLOCK_BYTES = 512;
    private static final int BLOCKS_READ_AT_ONCE = 128;

    /** Bit-reversed, as CRC32C is computed: x^0 is the highest bit. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private static final int ONE = 1 << 31;
    /** x^8, x^16, x^32 and so on: what 1, 2, 4 ... bytes multiply by. */
    private static final int[] POWERS = powers();

    private final LogFile file;
    private final long start;
    private final CRC32C running = new CRC32C();
    private final CRC32C partial = new CRC32C();
    private final ByteBuffer blocks = ByteBuffer.allocate(BLOCK_BYTES * BLOCKS_READ_AT_ONCE);
    private final Block lower = new Block();
    private final Block upper = new Block();
    /** Element i is the checksum of the first i blocks behind the start. */
    private int[] prefixes = new int[1024];

    private int known = 1;
    private long checksummedBytes;

    private static final class Block {
        private final ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES);
        private long number = -1;
    }

    /** @param start where the first stretch may begin */
    public PrefixChecksums(LogFile file, long start) {
        this.file = file;
        this.start = start;
    }

    /**
     * The checksum of some bytes followed by those of the file from one offset to another, which must be in the file.
     *
     * @param before the checksum of the bytes that come first
     */
    public int following(int before, long from, long to) throws IOException {
        return shift(before ^ prefix(from, lower), to - from) ^ prefix(to, upper);
    }

    /** How many bytes went through a checksum so far: what a search has cost. */
    long checksummedBytes() {
        return checksummedBytes;
    }

    /** Of all from the start to an offset. */
    private int prefix(long end, Block cache) throws IOException {
        long number = (end - start) / BLOCK_BYTES;
        extend(number);
        int rest = (int) ((end - start) % BLOCK_BYTES);
        int whole = prefixes[(int) number];
        if (rest == 0) {
            return whole;
        }
        if (cache.number != number) {
            cache.number = number;
            file.read(cache.bytes.clear(), start + number * BLOCK_BYTES);
        }
        partial.reset();
        partial.update(cache.bytes.array(), 0, rest);
        checksummedBytes += rest;
        return shift(whole, rest) ^ (int) partial.getValue();
    }

    private void extend(long number) throws IOException {
        while (known <= number) {
            long missing = number + 1 - known;
            blocks.clear().limit((int) Math.min(missing, BLOCKS_READ_AT_ONCE) * BLOCK_BYTES);
            if (file.read(blocks, start + (known - 1L) * BLOCK_BYTES) < blocks.limit()) {
                throw new IOException("the file became shorter while it was read");
            }
            if (prefixes.length < known + BLOCKS_READ_AT_ONCE) {
                prefixes = Arrays.copyOf(prefixes, prefixes.length * 2);
            }
            for (int at = 0; at < blocks.limit(); at += BLOCK_BYTES) {
                running.update(blocks.array(), at, BLOCK_BYTES);
                prefixes[known++] = (int) running.getValue();
            }
            checksummedBytes += blocks.limit();
        }
    }

    /** What a checksum becomes when bytes follow, but for their own. */
    private static int shift(int checksum, long bytes) {
        int shifted = checksum;
        int i = 0;
        for (long left = bytes; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                shifted = multiply(POWERS[i], shifted);
            }
            i++;
        }
        return shifted;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int factor = b;
        for (int bits = a; bits != 0; bits <<= 1) {
            if (bits < 0) {
                product ^= factor;
            }
            factor = (factor & 1) != 0 ? factor >>> 1 ^ POLYNOMIAL : factor >>> 1;
        }
        return product;
    }

    private static int[] powers() {
        int[] powers = new int[Long.SIZE - 1];
        powers[0] = ONE >>> Byte.SIZE;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = multiply(powers[i - 1], powers[i - 1]);
        }
        return powers;
    }
}
