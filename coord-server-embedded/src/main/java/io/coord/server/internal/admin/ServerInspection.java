package io.coord.server.internal.admin;

import io.coord.server.internal.metrics.BufferSizes;
import io.coord.server.internal.metrics.MetricsSnapshot;
import io.coord.server.internal.metrics.MetricsSnapshot.GaugeValue;
import io.coord.server.internal.metrics.MetricsSnapshot.SummaryValue;
import io.coord.server.internal.metrics.NamespaceSummaries;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.pipeline.RequestSequencer;
import io.coord.server.internal.quota.QuotaReview;
import io.coord.server.internal.replication.QuorumView;
import io.coord.server.internal.replication.Replicator;
import io.coord.server.internal.replication.Standing;
import io.coord.server.internal.runtime.Clock;
import io.coord.server.internal.runtime.Listing;
import io.coord.server.internal.state.CoordStateMachine;
import io.coord.server.internal.state.StateReview;
import io.coord.server.internal.transport.ConnectionInfo;
import io.coord.server.internal.transport.ServerTransport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one part of this package that looks at what the owner thread owns. All of it runs there; what it gives never changes, so
 * that others may have it. What can be long is cut off at a limit or handed out a little at a time: nobody is to wait for an
 * operator's list.
 */
public final class ServerInspection {
    /** ZooKeeper rounds its averages to so many digits. */
    private static final int AVERAGE_SCALE = 4;

    private final CoordStateMachine state;
    private final RequestSequencer sequencer;
    private final ServerTransport transport;
    private final ServerMetrics metrics;
    private final Clock clock;
    private final BooleanSupplier serving;
    private final BooleanSupplier acceptsWrites;
    private final Replicator replicator;
    private final IntSupplier handshakes;
    private final long startMs;

    /**
     * @param serving whether clients are let in
     * @param acceptsWrites whether the log has not failed
     * @param replicator knows of the server's place among others
     * @param handshakes how many of TLS are under way
     */
    public ServerInspection(
            CoordStateMachine state,
            RequestSequencer sequencer,
            ServerTransport transport,
            ServerMetrics metrics,
            Clock clock,
            BooleanSupplier serving,
            BooleanSupplier acceptsWrites,
            Replicator replicator,
            IntSupplier handshakes) {
        this.state = state;
        this.sequencer = sequencer;
        this.transport = transport;
        this.metrics = metrics;
        this.clock = clock;
        this.serving = serving;
        this.acceptsWrites = acceptsWrites;
        this.replicator = replicator;
        this.handshakes = handshakes;
        this.startMs = clock.monotonicMs();
    }

    boolean isServing() {
        return serving.getAsBoolean();
    }

    /** Why clients are not served as they should be; null when they are. */
    @Nullable
    String notReadyReason() {
        if (!serving.getAsBoolean()) {
            return "the server does not serve clients: it is starting or stopping, or looks for a leader";
        }
        return acceptsWrites.getAsBoolean()
                ? null
                : "the log has failed: writes are refused until the server is started again";
    }

    ServerFigures figures() {
        RequestSequencer.Load load = sequencer.load();
        SummaryValue latency = latency();
        BufferSizes responses = metrics.responseSizes;
        return new ServerFigures(
                serving.getAsBoolean(),
                replicator.standing().word(),
                clock.monotonicMs() - startMs,
                state.lastZxid(),
                state.tree().size(),
                load.connections(),
                load.waitingRequests(),
                metrics.packetsReceived.sinceReset(),
                metrics.packetsSent.sinceReset(),
                latency.min(),
                average(latency),
                latency.max(),
                responses.last(),
                responses.min(),
                responses.max(),
                metrics.log.slowSyncs(),
                metrics.authFailures.total(),
                metrics.localWithoutTls.total(),
                metrics.remoteWithoutTls.total(),
                metrics.log.snapshotZxid());
    }

    private SummaryValue latency() {
        return metrics.requestLatency.valueOf("request_latency", "");
    }

    static double average(SummaryValue summary) {
        if (summary.countSinceReset() == 0) {
            return 0;
        }
        double exact = summary.sumSinceReset() / (double) summary.countSinceReset();
        return BigDecimal.valueOf(exact)
                .setScale(AVERAGE_SCALE, RoundingMode.HALF_UP)
                .doubleValue();
    }

    /** All metrics but those of quotas and of the process. */
    MetricsSnapshot metrics() {
        return metrics.snapshot(gauges());
    }

    QuotaReview beginQuotaReview() {
        return new QuotaReview(state.tree(), NamespaceSummaries.OTHERS);
    }

    private List<GaugeValue> gauges() {
        ServerFigures figures = figures();
        List<GaugeValue> gauges = new ArrayList<>();
        gauges.add(new GaugeValue("avg_latency", figures.avgLatency()));
        gauges.add(new GaugeValue("max_latency", figures.maxLatency()));
        gauges.add(new GaugeValue("min_latency", figures.minLatency()));
        gauges.add(new GaugeValue("packets_received", figures.received()));
        gauges.add(new GaugeValue("packets_sent", figures.sent()));
        gauges.add(new GaugeValue("num_alive_connections", (long) figures.connections()));
        gauges.add(new GaugeValue("outstanding_requests", (long) figures.outstanding()));
        gauges.add(new GaugeValue("uptime", figures.uptimeMs()));
        gauges.add(new GaugeValue("znode_count", (long) figures.znodes()));
        gauges.add(new GaugeValue("watch_count", (long) sequencer.watches().armedCount()));
        gauges.add(new GaugeValue("ephemerals_count", (long) state.tree().ephemeralCount()));
        gauges.add(new GaugeValue("approximate_data_size", state.tree().approximateDataSize()));
        gauges.add(new GaugeValue("global_sessions", (long) state.sessions().size()));
        gauges.add(new GaugeValue("local_sessions", 0L));
        gauges.add(new GaugeValue("connection_drop_probability", 0.0));
        gauges.add(new GaugeValue("last_client_response_size", (long) figures.lastResponseBytes()));
        gauges.add(new GaugeValue("max_client_response_size", (long) figures.maxResponseBytes()));
        gauges.add(new GaugeValue("min_client_response_size", (long) figures.minResponseBytes()));
        gauges.add(new GaugeValue("outstanding_tls_handshake", (long) handshakes.getAsInt()));
        gauges.add(new GaugeValue("auth_failed_count", figures.authFailures()));
        gauges.add(new GaugeValue("non_mtls_remote_conn_count", figures.remoteWithoutTls()));
        gauges.add(new GaugeValue("non_mtls_local_conn_count", figures.localWithoutTls()));
        addQuorum(gauges);
        gauges.add(new GaugeValue("coord_ready", notReadyReason() == null ? 1L : 0L));
        gauges.add(new GaugeValue("coord_buffered_bytes", transport.bufferedBytes()));
        gauges.add(new GaugeValue("coord_held_request_bytes", sequencer.load().heldBytes()));
        gauges.add(new GaugeValue("coord_cut_off_connections", transport.cutOffConnections()));
        return gauges;
    }

    /** Each where ZooKeeper has it: a leader knows of those it leads, the others of the quorum alone. */
    private void addQuorum(List<GaugeValue> gauges) {
        @Nullable QuorumView quorum = replicator.quorum();
        if (quorum == null) {
            return;
        }
        gauges.add(new GaugeValue("quorum_size", (long) quorum.voters()));
        QuorumView.@Nullable Led led = quorum.led();
        if (led != null) {
            gauges.add(new GaugeValue("learners", (long) led.learners()));
            gauges.add(new GaugeValue("synced_followers", (long) led.syncedFollowers()));
            gauges.add(new GaugeValue("synced_observers", (long) led.syncedObservers()));
            gauges.add(new GaugeValue("synced_non_voting_followers", 0L));
            gauges.add(new GaugeValue("leader_uptime", led.uptimeMs()));
            gauges.add(new GaugeValue("last_proposal_size", (long) led.lastEntryBytes()));
            gauges.add(new GaugeValue("min_proposal_size", (long) led.minEntryBytes()));
            gauges.add(new GaugeValue("max_proposal_size", (long) led.maxEntryBytes()));
        } else if (replicator.standing() == Standing.FOLLOWER) {
            // Observers are led by the leader.
            gauges.add(new GaugeValue("synced_observers", 0L));
        } else if (replicator.standing() == Standing.OBSERVER) {
            gauges.add(new GaugeValue("observer_master_id", (long) quorum.leader()));
        }
    }

    Listing<ConnectionInfo> connections() {
        return transport.connections();
    }

    void resetConnections() {
        transport.resetStatistics();
    }

    void onSnapshotRefused() {
        metrics.snapshotsRefused.increment();
    }

    void onAuthFailed() {
        metrics.authFailures.increment();
    }

    void onPause(long ms) {
        metrics.jvmPauses.add(ms);
    }

    void resetServer() {
        metrics.reset();
    }

    WatchSummary watchSummary() {
        return new WatchSummary(
                sequencer.watches().watcherCount(),
                sequencer.watches().pathCount(),
                sequencer.watches().size());
    }

    /** @param most nobody wants to know of more */
    WatchListing watches(int most) {
        return new WatchListing(sequencer.watches(), most);
    }

    SessionDump.Expiry expiry() {
        return new SessionDump.Expiry(sequencer.expiryTimes(), clock.monotonicMs());
    }

    EphemeralListing ephemerals() {
        return new EphemeralListing(state);
    }

    StateReview beginReview() {
        return state.beginReview();
    }
}
