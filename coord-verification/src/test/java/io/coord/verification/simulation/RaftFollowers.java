package io.coord.verification.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a leader knows of the other members of its term, by their ids. */
final class RaftFollowers {
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final int leader;
    private final long[] nextIndex;
    private final long[] matchIndex;
    private final long[] lastAckNs;
    private final long[] echoNs;
    private final @Nullable String[] life;
    private final long[] stream;
    private final long[] nextNumber;

    /** Whether a submission that was forwarded may be appended. */
    enum Forwarded {
        IN_ORDER,
        /** Of a stream that is over for its sender. */
        OUTDATED,
        /** Something before it got lost. It must not happen without that. */
        BEHIND_A_GAP
    }

    RaftFollowers(int leader, int members) {
        this.leader = leader;
        this.nextIndex = new long[members];
        this.matchIndex = new long[members];
        this.lastAckNs = new long[members];
        this.echoNs = new long[members];
        this.life = new String[members];
        this.stream = new long[members];
        this.nextNumber = new long[members];
    }

    /** The leader's term begins. */
    void begin(long lastIndex, long nowNs) {
        Arrays.fill(nextIndex, lastIndex + 1);
        Arrays.fill(matchIndex, 0);
        Arrays.fill(lastAckNs, nowNs);
        Arrays.fill(echoNs, NEVER);
        Arrays.fill(life, null);
    }

    /** How many have answered what the leader sent then or later. */
    int heardSince(long sinceNs) {
        int count = 0;
        for (int each = 0; each < lastAckNs.length; each++) {
            if (each != leader && lastAckNs[each] >= sinceNs) {
                count++;
            }
        }
        return count;
    }

    long nextIndex(int of) {
        return nextIndex[of];
    }

    /** Everything before that index is on its way. */
    void sent(int to, long next) {
        nextIndex[to] = next;
    }

    /** When the newest message that has come from it was sent, on its clock. */
    long echoNs(int of) {
        return echoNs[of];
    }

    void heard(int from, long askedNs, long sentNs) {
        lastAckNs[from] = Math.max(lastAckNs[from], askedNs);
        echoNs[from] = Math.max(echoNs[from], sentNs);
    }

    void accepted(int from, long index) {
        matchIndex[from] = Math.max(matchIndex[from], index);
        nextIndex[from] = Math.max(nextIndex[from], index + 1);
    }

    /** @param hint where its log may still be the leader's */
    void rejected(int from, long hint) {
        nextIndex[from] = Math.max(matchIndex[from], Math.min(nextIndex[from] - 1, hint)) + 1;
    }

    /** The last entry that a majority has, with the leader's own log up to that index. */
    long majorityIndex(long ownIndex) {
        long[] matched = matchIndex.clone();
        matched[leader] = ownIndex;
        Arrays.sort(matched);
        return matched[(matched.length - 1) / 2];
    }

    /**
     * A submission has come from one of them.
     *
     * @param fromLife of the member, which numbers its streams
     * @param fromStream within which it numbers its submissions
     */
    Forwarded forwarded(int from, String fromLife, long fromStream, long number) {
        if (!fromLife.equals(life[from]) || fromStream > stream[from]) {
            life[from] = fromLife;
            stream[from] = fromStream;
            nextNumber[from] = 0;
        }
        if (fromStream < stream[from]) {
            return Forwarded.OUTDATED;
        }
        if (number != nextNumber[from]) {
            nextNumber[from] = Long.MAX_VALUE;
            return Forwarded.BEHIND_A_GAP;
        }
        nextNumber[from]++;
        return Forwarded.IN_ORDER;
    }
}
