package io.coord.server.internal.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sessions that were silent for longer than their time-out. Soft state of one server: it only proposes, and it
 * starts anew, with a full time-out for each session, wherever it starts. Sessions wait in buckets one tick wide, so a
 * session ends later than its time-out, T, and not later than T + one tick after it was last heard of.
 *
 * <p>Time is the caller's monotonic clock, in milliseconds.
 */
public final class SessionExpiry {
    /** Proposes to end a session; it stays untracked until {@link #track} names it again. */
    @FunctionalInterface
    public interface Proposal {
        void expire(long sessionId);
    }

    /** One tracked session. The holder of its connection keeps it, so that a touch needs no look-up. */
    public static final class Deadline {
        private final long sessionId;
        private int timeoutMs;
        private long dueTick;
        /** The one bucket that counts: an entry in another is a leftover. */
        private long bucketTick;

        private boolean tracked = true;

        private Deadline(long sessionId, int timeoutMs) {
            this.sessionId = sessionId;
            this.timeoutMs = timeoutMs;
        }
    }

    /** Each costs a command, a line in the log, and later the end of a connection. */
    static final int PROPOSALS_PER_TURN = 200;

    private final long tickMs;
    private final Proposal proposal;
    private final Map<Long, Deadline> deadlines = new HashMap<>();
    private final Map<Long, List<Deadline>> buckets = new HashMap<>();
    /** Those whose time is over, in the order of their proposals. What is heard of until then saves a session still. */
    private final Deque<Deadline> overdue = new ArrayDeque<>();

    private long handledTick;
    /** Of the last {@link #onTick}. */
    private long seenTick;
    /** Nobody is proposed before this. */
    private long deafUntilMs;

    public SessionExpiry(long tickMs, long nowMs, Proposal proposal) {
        this.tickMs = tickMs;
        this.proposal = proposal;
        this.handledTick = Math.floorDiv(nowMs, tickMs);
        this.seenTick = handledTick;
        this.deafUntilMs = nowMs;
    }

    /** Starts to watch over a session, or does so with another time-out; it has that time-out from now. */
    public Deadline track(long sessionId, int timeoutMs, long nowMs) {
        Deadline deadline = deadlines.get(sessionId);
        if (deadline == null) {
            deadline = new Deadline(sessionId, timeoutMs);
            deadlines.put(sessionId, deadline);
            deadline.dueTick = dueTick(timeoutMs, nowMs);
            enqueue(deadline);
        } else {
            deadline.timeoutMs = timeoutMs;
            deadline.dueTick = dueTick(timeoutMs, nowMs);
            if (deadline.dueTick < deadline.bucketTick) {
                enqueue(deadline);
            }
        }
        return deadline;
    }

    /** The session was heard of. Without effect once its end was proposed. */
    public void touch(Deadline deadline, long nowMs) {
        long due = dueTick(deadline.timeoutMs, nowMs);
        if (due > deadline.dueTick) {
            // It stays in its bucket and moves on when that bucket is due: a busy session costs nothing here.
            deadline.dueTick = due;
        }
    }

    /** As {@link #touch(Deadline, long)}, for a session whose connection is elsewhere; an untracked one does not matter. */
    public void touch(long sessionId, long nowMs) {
        Deadline deadline = deadlines.get(sessionId);
        if (deadline != null) {
            touch(deadline, nowMs);
        }
    }

    /** The session is closed. */
    public void forget(long sessionId) {
        Deadline deadline = deadlines.remove(sessionId);
        if (deadline != null) {
            deadline.tracked = false;
        }
    }

    public int size() {
        return deadlines.size();
    }

    /** Ids of sessions by the millisecond at which they are due, ordered by both. */
    public SortedMap<Long, List<Long>> dueTimes() {
        SortedMap<Long, List<Long>> times = new TreeMap<>();
        deadlines.values().stream()
                .sorted(Comparator.comparingLong((Deadline each) -> each.sessionId))
                .forEach(each -> times.computeIfAbsent(each.dueTick * tickMs, time -> new ArrayList<>())
                        .add(each.sessionId));
        return times;
    }

    /**
     * Milliseconds from now to the next tick, at least 1: when to call {@link #onTick}. No more than that while there are
     * sessions to propose: thousands may fall silent at once, and the requests of all others come in between.
     */
    public long untilNextTickMs(long nowMs) {
        if (!overdue.isEmpty() && nowMs >= deafUntilMs) {
            return 1;
        }
        return Math.max(1, (Math.floorDiv(nowMs, tickMs) + 1) * tickMs - nowMs);
    }

    /**
     * Handles all ticks up to now. When it comes a tick late or more, the whole process was held up and what clients sent
     * meanwhile still waits in the sockets, or clients in this process have yet to run: then nobody is proposed for the width
     * of one tick.
     */
    public void onTick(long nowMs) {
        long tick = Math.floorDiv(nowMs, tickMs);
        if (tick - seenTick > 1) {
            deafUntilMs = nowMs + tickMs;
        }
        seenTick = tick;
        if (nowMs < deafUntilMs) {
            return;
        }
        while (handledTick < tick) {
            handledTick++;
            handleBucket(handledTick);
        }
        proposeOverdue();
    }

    private void proposeOverdue() {
        for (int proposed = 0; proposed < PROPOSALS_PER_TURN; ) {
            @Nullable Deadline next = overdue.poll();
            if (next == null) {
                return;
            }
            if (next.tracked && next.dueTick > handledTick) {
                enqueue(next);
            } else if (next.tracked) {
                next.tracked = false;
                deadlines.remove(next.sessionId);
                proposal.expire(next.sessionId);
                proposed++;
            }
        }
    }

    private void handleBucket(long tick) {
        @Nullable List<Deadline> bucket = buckets.remove(tick);
        if (bucket == null) {
            return;
        }
        for (Deadline each : bucket) {
            if (!each.tracked || each.bucketTick != tick) {
                continue;
            }
            if (each.dueTick > tick) {
                enqueue(each);
            } else {
                overdue.add(each);
            }
        }
    }

    private void enqueue(Deadline deadline) {
        long tick = Math.max(deadline.dueTick, handledTick + 1);
        deadline.bucketTick = tick;
        buckets.computeIfAbsent(tick, key -> new ArrayList<>()).add(deadline);
    }

    private long dueTick(int timeoutMs, long nowMs) {
        return Math.floorDiv(nowMs + timeoutMs, tickMs) + 1;
    }
}
