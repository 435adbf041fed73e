package io.coord.client.session;

import java.time.Duration;

/**
 * One session, and how long it is certainly alive: until a local deadline on the monotonic clock, counted from the moment
 * of <em>sending</em> the last request that was answered, and shorter than the negotiated time-out. The server counts from
 * the arrival of that request, so it does not expire the session before. Within one server that is strict; in an ensemble
 * a server that is cut off from its leader answers a little longer, so fencing tokens remain the only strict guard.
 *
 * <p>An object stands for one session for ever: when the client makes a new session, this one stays ended.
 *
 * <p>Thread-safe: reads are atomic.
 *
 * <pre>{@code
 * SessionLease session = client.lease();
 * client.create().withMode(CreateMode.EPHEMERAL).forPath("/worker");
 * while (session.isAlive()) {
 *     work(); // The ephemeral znode is certainly there, for session.remaining() at least.
 * }
 * }</pre>
 */
public interface SessionLease {
    /** 0 when the client never had a session. */
    long sessionId();

    /** Counts the sessions of one client from 1; 0 when the client never had a session. */
    long generation();

    /** Whether the session is certainly alive at this moment. Once false because the session ended, it stays false. */
    boolean isAlive();

    /** How long the session is certainly alive if no further answer comes; zero when it is not. */
    Duration remaining();
}
