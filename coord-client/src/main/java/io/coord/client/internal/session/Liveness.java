package io.coord.client.internal.session;

import java.util.concurrent.TimeUnit;

/**
 * What the clock says about connection and session: when to ping, when the connection is dead, until when the session is
 * certainly alive. Owned by the network thread.
 *
 * <p>With a negotiated time-out T: a ping after T/3 without a request, but at least every 10 seconds; a connection without
 * any sign of life for 2/3 T is given up, so that a third is left to find another server; the lease ends 9/10 T after the
 * sending of the last request that was answered, so before the server may expire the session.
 */
final class Liveness {
    private static final long LONGEST_PING_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);
    /** How long after a stand-still of this process to wait for answers that have arrived meanwhile. */
    private static final long AFTER_STALL_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private long leaseNs;
    private long pingNs;
    private long silenceNs;
    private long leaseEndNs;
    private long lastSentNs;
    private long lastHeardNs;
    private long pingSentNs;
    private boolean pinging;

    /** A server has taken the session over. */
    void onEstablished(long now, int timeoutMs, long handshakeSentNs) {
        long timeout = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        leaseNs = timeout - timeout / 10;
        pingNs = Math.min(timeout / 3, LONGEST_PING_INTERVAL_NS);
        silenceNs = timeout / 3 * 2;
        leaseEndNs = handshakeSentNs + leaseNs;
        lastSentNs = now;
        lastHeardNs = now;
        pinging = false;
    }

    void onSent(long now) {
        lastSentNs = now;
    }

    void onHeard(long now) {
        lastHeardNs = now;
    }

    void onPingSent(long now) {
        pinging = true;
        pingSentNs = now;
        lastSentNs = now;
    }

    /**
     * The ping was answered.
     *
     * @return whether the lease is longer now
     */
    boolean onPong() {
        pinging = false;
        return renew(pingSentNs);
    }

    /**
     * A request that was sent at this time was answered.
     *
     * @return whether the lease is longer now
     */
    boolean renew(long sentNs) {
        long end = sentNs + leaseNs;
        if (end - leaseEndNs <= 0) {
            return false;
        }
        leaseEndNs = end;
        return true;
    }

    long leaseEndNs() {
        return leaseEndNs;
    }

    boolean isLeaseOver(long now) {
        return now - leaseEndNs >= 0;
    }

    boolean isPingDue(long now) {
        return !pinging && now - lastSentNs >= pingNs;
    }

    /**
     * Whether nothing was heard for too long.
     *
     * @param stalled this process stood still, so what was said meanwhile may not have been read: it gets a moment
     */
    boolean isSilent(long now, boolean stalled) {
        if (now - lastHeardNs < silenceNs) {
            return false;
        }
        if (stalled) {
            lastHeardNs = now - silenceNs + AFTER_STALL_NS;
        }
        return !stalled;
    }

    /** When the next ping is due or the silence is too long. */
    long nextWakeUpNs() {
        long silent = lastHeardNs + silenceNs;
        long ping = lastSentNs + pingNs;
        return pinging || silent - ping < 0 ? silent : ping;
    }
}
