package io.coord.client.internal.session;

import java.util.concurrent.TimeUnit;

/**
 * When a client that reads from a server without its ensemble asks another one whether it takes writes: after a second, then
 * after twice as long each time, up to a minute. Owned by the network thread.
 */
final class WritableServerSearch {
    private static final long SHORTEST_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(1);

    private boolean on;
    private long intervalNs;
    private long dueNs;

    void begin(long now) {
        on = true;
        intervalNs = SHORTEST_NS;
        dueNs = now + intervalNs;
    }

    void end() {
        on = false;
    }

    /** Whether the connection is one to a server that serves reads only. */
    boolean isOn() {
        return on;
    }

    boolean isDue(long now) {
        return on && now - dueNs >= 0;
    }

    void onAsked(long now) {
        intervalNs = Math.min(2 * intervalNs, LONGEST_NS);
        dueNs = now + intervalNs;
    }

    /** {@link SessionCore#NEVER} when nothing is searched for. */
    long dueNs() {
        return on ? dueNs : SessionCore.NEVER;
    }
}
