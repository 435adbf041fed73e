package io.coord.client.internal.session;

import io.coord.client.session.SessionLease;
import java.time.Duration;

/**
 * The lease of one session. Time by {@code System.nanoTime}.
 *
 * <p>Thread-safe: the network thread writes, everyone reads; {@code ended} never goes back.
 */
final class SessionEpoch implements SessionLease {
    /** Before the first session. */
    static final SessionEpoch NONE = new SessionEpoch(0, 0, System.nanoTime());

    private final long sessionId;
    private final long generation;
    private volatile long endNs;
    private volatile boolean ended;

    SessionEpoch(long sessionId, long generation, long endNs) {
        this.sessionId = sessionId;
        this.generation = generation;
        this.endNs = endNs;
        this.ended = sessionId == 0;
    }

    void renew(long newEndNs) {
        endNs = newEndNs;
    }

    void end() {
        ended = true;
    }

    @Override
    public long sessionId() {
        return sessionId;
    }

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public boolean isAlive() {
        return !ended && endNs - System.nanoTime() > 0;
    }

    @Override
    public Duration remaining() {
        return ended ? Duration.ZERO : Duration.ofNanos(Math.max(0, endNs - System.nanoTime()));
    }

    @Override
    public String toString() {
        return "session 0x" + Long.toHexString(sessionId) + " (generation " + generation + ')';
    }
}
