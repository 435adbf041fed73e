package io.coord.recipes.cache;

import io.coord.recipes.cache.CacheRead.Kind;
import org.jspecify.annotations.Nullable;

/**
 * How many reads go into one request: as many as their answers are expected to fit into a response of 128 KB, and 512 at
 * most, so that no request holds a server up. What is not known is guessed from what was read before. A response that was
 * refused for its length halves the size; later ones that fit let it grow again.
 */
final class ReadBudget {
    private static final int MAX_READS = 512;
    private static final long MAX_BYTES = 128 * 1024;
    private static final int STAT_BYTES = 84;
    private static final int FIRST_GUESS_BYTES = 256;
    private static final int NAME_BYTES = 40;

    private int maxReads = MAX_READS;
    private long maxBytes = MAX_BYTES;
    /** Of one node's data and stat; an average that follows slowly. */
    private double averageBytes = FIRST_GUESS_BYTES;

    boolean allowsBatches() {
        return maxReads > 1;
    }

    /** Whether so many waiting reads make a full request. */
    boolean isFull(int waiting) {
        return waiting >= maxReads || waiting * averageBytes >= maxBytes;
    }

    /** Whether a read of so many bytes fits into a request with that many reads and bytes. */
    boolean fits(int reads, long bytes, int more) {
        return reads < maxReads && bytes + more <= maxBytes;
    }

    /** What the answer will take. */
    int estimate(Kind kind, @Nullable CachedNode known) {
        return switch (kind) {
            case STAT -> STAT_BYTES;
            case DATA -> known == null ? (int) averageBytes : known.stat().dataLength() + STAT_BYTES;
            case CHILDREN ->
                known == null
                        ? (int) averageBytes
                        : (int) Math.min(MAX_BYTES, (long) known.stat().numChildren() * NAME_BYTES);
        };
    }

    void dataRead(int dataBytes) {
        averageBytes += (dataBytes + STAT_BYTES - averageBytes) / 16;
    }

    void requestDone() {
        maxBytes = Math.min(MAX_BYTES, maxBytes + maxBytes / 8 + 1);
    }

    void tooLong(int reads, long bytes) {
        // Guesses may have been far below what came; then only fewer reads make the answer shorter.
        maxBytes = Math.max(1, Math.min(maxBytes, bytes) / 2);
        averageBytes = Math.max(averageBytes, (double) maxBytes / Math.max(1, reads / 2));
    }

    void noBatches() {
        maxReads = 1;
    }
}
