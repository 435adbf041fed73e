package io.coord.server.internal.pipeline;

import io.coord.protocol.OpCode;
import org.jspecify.annotations.Nullable;

/** The answers that one connection got, as ZooKeeper's {@code cons} shows them. Times are whole monotonic milliseconds. */
final class ConnectionStatistics {
    private static final int NONE = -1;

    private int lastXid = NONE;
    private long lastZxid = NONE;
    /** Null while the only answer was the one to the connect request. */
    private @Nullable OpCode lastOp;

    private long lastResponseMs;
    private long lastLatencyMs;
    private long minLatencyMs = Long.MAX_VALUE;
    private long maxLatencyMs;
    private long totalLatencyMs;
    private long responses;

    /** @param op null for the connect request */
    void onResponse(@Nullable OpCode op, int xid, long zxid, long arrivedMs, long nowMs) {
        if (xid >= 0) {
            lastXid = xid;
        }
        lastZxid = zxid;
        lastOp = op;
        lastResponseMs = nowMs;
        long latency = nowMs - arrivedMs;
        lastLatencyMs = latency;
        minLatencyMs = Math.min(minLatencyMs, latency);
        maxLatencyMs = Math.max(maxLatencyMs, latency);
        totalLatencyMs += latency;
        responses++;
    }

    SessionActivity view(long sessionId, int timeoutMs) {
        return new SessionActivity(
                sessionId,
                responses == 0 ? "NA" : lastOp == null ? "SESS" : shortName(lastOp),
                timeoutMs,
                lastXid,
                lastZxid,
                lastResponseMs,
                lastLatencyMs,
                responses == 0 ? 0 : minLatencyMs,
                responses == 0 ? 0 : totalLatencyMs / responses,
                maxLatencyMs);
    }

    private static String shortName(OpCode op) {
        return switch (op) {
            case CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL -> "CREA";
            case DELETE -> "DELE";
            case EXISTS -> "EXIS";
            case GET_DATA -> "GETD";
            case SET_DATA -> "SETD";
            case GET_ACL -> "GETA";
            case SET_ACL -> "SETA";
            case GET_CHILDREN, GET_CHILDREN2 -> "GETC";
            case SYNC -> "SYNC";
            case PING -> "PING";
            case CHECK -> "CHEC";
            case MULTI -> "MULT";
            case RECONFIG -> "RECO";
            case CHECK_WATCHES -> "CHKW";
            case REMOVE_WATCHES -> "REMW";
            case MULTI_READ -> "MLTR";
            case AUTH -> "AUTH";
            case SASL -> "SASL";
            case SET_WATCHES -> "SETW";
            case SET_WATCHES2 -> "STW2";
            case GET_EPHEMERALS -> "GETE";
            case GET_ALL_CHILDREN_NUMBER -> "GETACN";
            case ADD_WATCH -> "ADDW";
            case WHO_AM_I -> "HOMI";
            case CLOSE_SESSION -> "CLOS";
        };
    }
}
