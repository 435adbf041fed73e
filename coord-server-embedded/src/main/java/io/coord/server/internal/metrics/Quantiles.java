package io.coord.server.internal.metrics;

import java.util.Arrays;

/**
 * How values are distributed, in buckets that are as wide as a sixteenth of what they hold: exact below 32, within 3 % above.
 * Values count for the time that the caller turns twice, so that a tail of yesterday does not hide that of today.
 */
final class Quantiles {
    private static final int SUB_BITS = 4;
    private static final int SUBS = 1 << SUB_BITS;
    /** Milliseconds of 34 years, or bytes of a terabyte; larger values count as this. */
    private static final long MOST = (1L << 40) - 1;

    private static final int[] NONE = {};

    private int[] current = NONE;
    private int[] previous = NONE;

    void add(long value) {
        int bucket = bucketOf(Math.min(value, MOST));
        if (bucket >= current.length) {
            current = Arrays.copyOf(current, Math.max(SUBS * 2, bucket + SUBS));
        }
        current[bucket]++;
    }

    /** What was added before the last turn is forgotten. */
    void turn() {
        int[] oldest = previous;
        previous = current;
        Arrays.fill(oldest, 0);
        current = oldest;
    }

    void clear() {
        current = NONE;
        previous = NONE;
    }

    /** The values below which the given parts of all lie, in the order of the parts, which ascend; NaN when there are none. */
    double[] at(double... parts) {
        double[] found = new double[parts.length];
        long count = 0;
        int end = Math.max(current.length, previous.length);
        for (int i = 0; i < end; i++) {
            count += countOf(i);
        }
        if (count == 0) {
            Arrays.fill(found, Double.NaN);
            return found;
        }
        int bucket = -1;
        long seen = 0;
        for (int i = 0; i < parts.length; i++) {
            long wanted = Math.max(1, (long) Math.ceil(parts[i] * count));
            while (seen < wanted) {
                bucket++;
                seen += countOf(bucket);
            }
            found[i] = middleOf(bucket);
        }
        return found;
    }

    private long countOf(int bucket) {
        long count = bucket < current.length ? current[bucket] : 0;
        return bucket < previous.length ? count + previous[bucket] : count;
    }

    private static int bucketOf(long value) {
        if (value < SUBS) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return (shift << SUB_BITS) + (int) (value >>> shift);
    }

    private static long middleOf(int bucket) {
        if (bucket < SUBS) {
            return bucket;
        }
        int shift = (bucket >> SUB_BITS) - 1;
        long lowest = (long) (bucket - (shift << SUB_BITS)) << shift;
        return lowest + ((1L << shift) >> 1);
    }
}
