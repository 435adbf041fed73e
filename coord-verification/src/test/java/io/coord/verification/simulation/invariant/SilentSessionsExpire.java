package io.coord.verification.simulation.invariant;

import io.coord.server.internal.session.Session;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** G17 from its other side: who is silent does not hold anything for ever. Looked at when the faults have long been over. */
final class SilentSessionsExpire extends Invariant {
    private static final double SKEW = 1.025;
    /** A report, an entry of the log, a turn of a process. */
    private static final long SLACK_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final History history;
    private final LongSupplier nowNs;
    private final long tickNs;
    private final Map<Long, Long> heardNs = new HashMap<>();

    SilentSessionsExpire(History history, LongSupplier nowNs, int tickMs) {
        super("a session whose client is silent ends, not later than its time-out and two ticks after that");
        this.history = history;
        this.nowNs = nowNs;
        this.tickNs = TimeUnit.MILLISECONDS.toNanos(tickMs);
    }

    @Override
    protected void onApplied(Commit commit) {
        Session opened = commit.effects().opened();
        if (opened != null) {
            heardNs.put(opened.id(), nowNs.getAsLong());
        }
    }

    @Override
    protected void onContact(int server, long sessionId, long atNs) {
        heardNs.merge(sessionId, atNs, Math::max);
    }

    @Override
    protected void atEnd() {
        long now = nowNs.getAsLong();
        for (Session each : history.reference().sessions().all()) {
            long silentNs = now - heardNs.getOrDefault(each.id(), 0L);
            long mostNs = (long) (TimeUnit.MILLISECONDS.toNanos(each.timeoutMs()) * SKEW) + 2 * tickNs + SLACK_NS;
            require(
                    silentNs <= mostNs,
                    "%s is silent for %d ms and is still there",
                    each,
                    TimeUnit.NANOSECONDS.toMillis(silentNs));
        }
    }
}
