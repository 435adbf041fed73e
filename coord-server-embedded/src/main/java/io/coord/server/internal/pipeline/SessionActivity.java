package io.coord.server.internal.pipeline;

/**
 * What came of the requests of one session on one connection, as ZooKeeper's {@code cons} shows it. Immutable.
 *
 * @param lastOperation in ZooKeeper's short names; {@code NA} before the first answer
 * @param lastXid -1 before the first one that counts; those of pings do not
 * @param lastZxid the server's when it answered last; -1 before that
 * @param lastResponseMs monotonic milliseconds; 0 before the first answer
 */
public record SessionActivity(
        long sessionId,
        String lastOperation,
        int timeoutMs,
        int lastXid,
        long lastZxid,
        long lastResponseMs,
        long lastLatencyMs,
        long minLatencyMs,
        long avgLatencyMs,
        long maxLatencyMs) {
    /** Of a connection without a session. */
    public static final SessionActivity NONE = new SessionActivity(0, "NA", 0, -1, -1, 0, 0, 0, 0, 0);
}
