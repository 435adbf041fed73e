package io.coord.server.internal.pipeline;

import io.coord.server.internal.replication.Command;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.Effects;
import java.util.List;

/**
 * Proposes the removal of containers and of znodes whose time to live is over. At most {@link #PER_MINUTE} of them, as in
 * ZooKeeper, and few at once: the next ones are looked for when those before are applied, so that clients' requests come in
 * between.
 */
final class ZnodeReaper {
    static final int BATCH = 100;
    static final int PER_MINUTE = 10_000;
    private static final int MINUTE_MS = 60_000;

    private final CoordStateMachine state;
    private final Submissions submissions;
    private final Clock clock;
    private final AttachedSessions sessions;
    private long maxNeverUsedMs;
    private int underWay;
    private int allowance = PER_MINUTE;
    private long lastCheckMs;
    /** Something in the log's way: no further ones before the next check. */
    private boolean refused;

    ZnodeReaper(CoordStateMachine state, Submissions submissions, Clock clock, AttachedSessions sessions) {
        this.state = state;
        this.submissions = submissions;
        this.clock = clock;
        this.sessions = sessions;
        this.lastCheckMs = clock.monotonicMs();
    }

    /** Called at an interval, on every server; only the leader does something. */
    void onCheck(long neverUsedMs) {
        maxNeverUsedMs = neverUsedMs;
        long now = clock.monotonicMs();
        long earned = Math.min(now - lastCheckMs, MINUTE_MS) * PER_MINUTE / MINUTE_MS;
        if (earned > 0) {
            lastCheckMs = now;
            allowance = (int) Math.min(PER_MINUTE, allowance + earned);
        }
        if (underWay == 0) {
            refused = false;
            propose();
        }
    }

    private void propose() {
        int most = Math.min(BATCH, allowance);
        if (most == 0 || refused || !sessions.isDeciding()) {
            return;
        }
        long timeMs = clock.wallMs();
        List<String> paths = state.tree().reapable(timeMs, maxNeverUsedMs, most);
        allowance -= paths.size();
        underWay = paths.size();
        for (String each : paths) {
            submissions.submit(new Command.ReapZnode(timeMs, each, maxNeverUsedMs), new Removal());
        }
    }

    private final class Removal implements Submission {
        @Override
        public void onApplied(Effects effects) {
            settle();
        }

        @Override
        public void onRefused(String reason) {
            refused = true;
            settle();
        }

        @Override
        public void onUnknown(String reason) {
            refused = true;
            settle();
        }

        private void settle() {
            underWay--;
            if (underWay == 0) {
                propose();
            }
        }
    }
}
