package io.coord.client.internal.session;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of all pending calls: buckets of about 17 ms, so that adding and removing a call costs a few pointer writes
 * and no object. A deadline is noticed when its bucket is over, at most one bucket late. Owned by the network thread.
 */
final class DeadlineWheel {
    static final int NO_BUCKET = -1;
    static final long NEVER = Long.MAX_VALUE;

    private static final int BUCKET_SHIFT = 24;
    private static final int BUCKETS = 1024;
    private static final int MASK = BUCKETS - 1;

    private final @Nullable Call[] heads = new @Nullable Call[BUCKETS];
    private final long[] occupied = new long[BUCKETS / Long.SIZE];
    private final long originNs;
    /** The first bucket, counted from the origin, whose time has not passed. */
    private long nextTick;

    DeadlineWheel(long nowNs) {
        this.originNs = nowNs;
    }

    void add(Call call) {
        if (call.deadlineNs == NEVER) {
            return;
        }
        int bucket = (int) Math.max(tick(call.deadlineNs), nextTick) & MASK;
        Call head = heads[bucket];
        call.bucket = bucket;
        call.previousInBucket = null;
        call.nextInBucket = head;
        if (head != null) {
            head.previousInBucket = call;
        }
        heads[bucket] = call;
        occupied[bucket >>> 6] |= 1L << bucket;
    }

    /** Does nothing for a call that is not there. */
    void remove(Call call) {
        int bucket = call.bucket;
        if (bucket == NO_BUCKET) {
            return;
        }
        Call before = call.previousInBucket;
        Call after = call.nextInBucket;
        if (after != null) {
            after.previousInBucket = before;
        }
        if (before != null) {
            before.nextInBucket = after;
        } else {
            heads[bucket] = after;
            if (after == null) {
                occupied[bucket >>> 6] &= ~(1L << bucket);
            }
        }
        call.bucket = NO_BUCKET;
        call.previousInBucket = null;
        call.nextInBucket = null;
    }

    /** Removes the calls whose deadline has passed, then tells of each. */
    void expire(long nowNs, Consumer<Call> onExpired) {
        long current = tick(nowNs);
        Call expired = null;
        long first = Math.max(nextTick, current - BUCKETS);
        for (long tick = first; tick < current; tick++) {
            Call call = heads[(int) tick & MASK];
            while (call != null) {
                Call after = call.nextInBucket;
                if (call.deadlineNs - nowNs <= 0) {
                    remove(call);
                    call.nextInBucket = expired;
                    expired = call;
                }
                call = after;
            }
        }
        nextTick = Math.max(nextTick, current);
        while (expired != null) {
            Call call = expired;
            expired = call.nextInBucket;
            call.nextInBucket = null;
            onExpired.accept(call);
        }
    }

    /** When {@link #expire} is worth calling next; {@link #NEVER} when no call is there. */
    long nextExpiryNs() {
        int start = (int) nextTick & MASK;
        for (int i = 0; i <= occupied.length; i++) {
            int word = ((start >>> 6) + i) & (occupied.length - 1);
            long bits = occupied[word];
            if (i == 0) {
                bits &= -1L << start;
            } else if (i == occupied.length) {
                bits &= ~(-1L << start);
            }
            if (bits != 0) {
                int bucket = (word << 6) + Long.numberOfTrailingZeros(bits);
                long tick = nextTick + ((bucket - start) & MASK);
                return originNs + ((tick + 1) << BUCKET_SHIFT);
            }
        }
        return NEVER;
    }

    private long tick(long timeNs) {
        return (timeNs - originNs) >> BUCKET_SHIFT;
    }
}
