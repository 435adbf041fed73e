package io.coord.server.internal.admin;

/**
 * The numbers of {@code srvr}, at one moment. Latencies are milliseconds, since the last reset, as is what was received and sent.
 *
 * @param serverState the role, in ZooKeeper's words
 * @param outstanding requests without an answer
 * @param snapshotZxid of the newest snapshot; -1 without one
 */
record ServerFigures(
        boolean serving,
        String serverState,
        long uptimeMs,
        long lastZxid,
        int znodes,
        int connections,
        int outstanding,
        long received,
        long sent,
        long minLatency,
        double avgLatency,
        long maxLatency,
        int lastResponseBytes,
        int minResponseBytes,
        int maxResponseBytes,
        long slowSyncs,
        long authFailures,
        long localWithoutTls,
        long remoteWithoutTls,
        long snapshotZxid) {
    /** What ZooKeeper answers to nearly everything while it does not serve. */
    static final String NOT_SERVING = "This ZooKeeper instance is not currently serving requests";
}
