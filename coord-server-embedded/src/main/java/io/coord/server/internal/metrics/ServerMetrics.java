package io.coord.server.internal.metrics;

import java.net.InetAddress;
import java.util.List;

/**
 * What one server counts, each under the name that ZooKeeper 3.9 has for it; what is ours alone begins with {@code coord_}. Times
 * are milliseconds, sizes bytes. Gauges are not here: they are asked for when somebody looks.
 *
 * <p>Owner thread. What other threads measure comes with the messages that they send anyway.
 */
public final class ServerMetrics {
    /** Quantiles look back for one to two of these. */
    private static final long WINDOW_MS = 5 * 60_000;

    private final MetricRegister register = new MetricRegister();

    // What came and went.
    public final Counter packetsReceived = new Counter();
    public final Counter packetsSent = new Counter();
    public final BufferSizes responseSizes = new BufferSizes();
    public final Counter bytesReceived = register.counter("bytes_received_count");
    public final Counter responseBytes = register.counter("response_bytes");
    public final Counter watchBytes = register.counter("watch_bytes");

    // Connections and sessions.
    public final Counter connectionRequests = register.counter("connection_request_count");
    public final Counter connectionsRejected = register.counter("connection_rejected");
    public final Counter connectionsDropped = register.counter("connection_drop_count");
    public final Counter connectionsRevalidated = register.counter("connection_revalidate_count");
    public final Counter connectionsNotServed = register.counter("cnxn_closed_without_zk_server_running");
    public final Counter sessionlessExpired = register.counter("sessionless_connections_expired");
    public final Counter staleSessionsExpired = register.counter("stale_sessions_expired");
    public final Counter largeRequestsRejected = register.counter("large_requests_rejected");
    public final Counter unsuccessfulHandshakes = register.counter("unsuccessful_handshake");
    public final Counter tlsHandshakesExceeded = register.counter("tls_handshake_exceeded");
    /** Those of {@code addauth} and of certificates. A gauge in ZooKeeper. */
    public final Counter authFailures = new Counter();
    /** Connections in plain text, of this machine and of others. Gauges in ZooKeeper. */
    public final Counter localWithoutTls = new Counter();

    public final Counter remoteWithoutTls = new Counter();

    // Requests.
    public final Counter throttledOps = register.counter("throttled_ops");
    public final Counter throttleWaits = register.counter("request_throttle_wait_count");
    public final Counter unrecoverableErrors = register.counter("unrecoverable_error_count");
    public final CounterSet quotaExceeded = register.counterSet("quota_exceeded_error_per_namespace");
    /** Of reads and writes alike, for {@code srvr}. */
    public final Summary requestLatency = new Summary(DetailLevel.BASIC);

    public final Summary readLatency = register.summary("readlatency", DetailLevel.ADVANCED);
    public final Summary updateLatency = register.summary("updatelatency", DetailLevel.ADVANCED);
    public final Summary propagationLatency = register.summary("propagation_latency", DetailLevel.ADVANCED);
    public final NamespaceSummaries readPerNamespace = register.namespaces("read_per_namespace");
    public final NamespaceSummaries writePerNamespace = register.namespaces("write_per_namespace");

    // Watches: how many a change fired.
    public final Summary nodeCreatedWatches = register.summary("node_created_watch_count", DetailLevel.BASIC);
    public final Summary nodeDeletedWatches = register.summary("node_deleted_watch_count", DetailLevel.BASIC);
    public final Summary nodeChangedWatches = register.summary("node_changed_watch_count", DetailLevel.BASIC);
    public final Summary nodeChildrenWatches = register.summary("node_children_watch_count", DetailLevel.BASIC);

    // The log and its snapshots.
    public final Counter snapshotsRefused = register.counter("snapshot_rate_limited_count");
    public final LogMetrics log = new LogMetrics(register);

    /** How much later than it asked for somebody was woken; measured only while the metrics are served over HTTP. */
    public final Summary jvmPauses = register.summary("jvm_pause_time_ms", DetailLevel.ADVANCED);

    // Ours.
    public final Counter refusedResponses = register.counter("coord_refused_responses");
    public final Counter auditLinesLost = register.counter("coord_audit_lines_lost");

    private long nextTurnMs = Long.MIN_VALUE;

    public ServerMetrics() {
        MechanismsNotHere.register(register);
    }

    /** A socket was let in that does not speak TLS. */
    public void onWithoutTls(InetAddress from) {
        (from.isLoopbackAddress() ? localWithoutTls : remoteWithoutTls).increment();
    }

    /** To be called now and then. */
    public void onTick(long nowMs) {
        if (nextTurnMs == Long.MIN_VALUE) {
            nextTurnMs = nowMs + WINDOW_MS;
        } else if (nowMs >= nextTurnMs) {
            nextTurnMs = nowMs + WINDOW_MS;
            register.turn();
        }
    }

    /** What the word {@code srst} resets; what Prometheus is told goes on. */
    public void reset() {
        register.reset();
        requestLatency.reset();
        packetsReceived.reset();
        packetsSent.reset();
        responseSizes.reset();
    }

    /** @param gauges in their order, to be shown first */
    public MetricsSnapshot snapshot(List<MetricsSnapshot.GaugeValue> gauges) {
        return register.snapshot(gauges);
    }
}
