package io.coord.server.internal.admin;

import io.coord.server.internal.metrics.MetricsSnapshot;
import io.coord.server.internal.pipeline.SessionActivity;
import io.coord.server.internal.runtime.OwnerQuestions;
import io.coord.server.internal.runtime.ServerVersion;
import io.coord.server.internal.transport.ConnectionInfo;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What ZooKeeper's commands answer here, field by field as ZooKeeper 3.9. On the thread {@code coord-admin}. Of the ensemble they
 * say what a single ZooKeeper server says.
 */
final class ZooKeeperCommands {
    private static final int DIGEST_VERSION = 2;
    private static final int NOT_IMPLEMENTED = 501;
    private static final String TRACE_MASK = "traceMask";
    private static final Map<String, Object> NOTHING = Map.of();

    private final OwnerQuestions owner;
    private final ServerInspection inspection;
    private final ServerFacts facts;
    private final AtomicLong traceMask;

    private ZooKeeperCommands(
            OwnerQuestions owner, ServerInspection inspection, ServerFacts facts, AtomicLong traceMask) {
        this.owner = owner;
        this.inspection = inspection;
        this.facts = facts;
        this.traceMask = traceMask;
    }

    static AdminCommands of(
            OwnerQuestions owner, ServerInspection inspection, ServerFacts facts, AtomicLong traceMask) {
        AdminCommands commands = new AdminCommands();
        ZooKeeperCommands bodies = new ZooKeeperCommands(owner, inspection, facts, traceMask);
        bodies.addAboutServer(commands);
        bodies.addAboutClients(commands);
        bodies.addAboutEnsemble(commands);
        return commands;
    }

    private void addAboutServer(AdminCommands to) {
        to.add(List.of("configuration", "conf", "config"), none -> configuration());
        to.add(List.of("initial_configuration", "icfg"), none -> Map.of("initial_configuration", ""));
        to.add(List.of("server_stats", "srvr"), none -> stats());
        to.add(List.of("stat_reset", "srst"), none -> tell(inspection::resetServer));
        to.add(List.of("is_read_only", "isro"), none -> Map.of("read_only", false));
        to.add(List.of("ruok"), none -> NOTHING);
        to.add(List.of("dirs"), none -> directories());
        to.add(List.of("hash"), none -> digests());
        to.add(List.of("last_snapshot", "lsnp"), none -> lastSnapshot());
        to.addAlways(List.of("monitor", "mntr"), none -> monitor());
        to.addAlways(
                List.of("environment", "env", "envi"), none -> new LinkedHashMap<>(ProcessEnvironment.environment()));
        to.addAlways(
                List.of("system_properties", "sysp"),
                none -> new LinkedHashMap<>(ProcessEnvironment.systemProperties()));
        to.addAlways(List.of("get_trace_mask", "gtmk"), none -> Map.of("tracemask", traceMask.get()));
        to.addAlways(List.of("set_trace_mask", "stmk"), this::setTraceMask);
        // It has a page of its own, which hands out a file.
        to.addRefused(List.of("snapshot", "snap"), NOT_IMPLEMENTED, "not offered here");
        to.addRefused(UploadRefusal.NAMES, NOT_IMPLEMENTED, UploadRefusal.REASON);
    }

    private void addAboutClients(AdminCommands to) {
        to.add(List.of("connections", "cons"), none -> withConnections(new LinkedHashMap<>(), false));
        to.add(List.of("connection_stat_reset", "crst"), none -> tell(inspection::resetConnections));
        to.add(List.of("stats", "stat"), none -> withConnections(stats(), true));
        to.add(List.of("dump"), none -> dump());
        to.add(List.of("watch_summary", "wchs"), none -> watchSummary());
        to.add(
                List.of("watches", "wchc"),
                none -> Map.of("session_id_to_watched_paths", watches().bySession()));
        to.add(
                List.of("watches_by_path", "wchp"),
                none -> Map.of("path_to_session_ids", watches().byPath()));
    }

    private void addAboutEnsemble(AdminCommands to) {
        to.add(List.of("leader", "lead"), none -> Map.of("error", "server is not initialized"));
        to.add(List.of("observers", "obsr"), none -> ordered("synced_observers", 0, "observers", List.of()));
        to.add(List.of("observer_connection_stat_reset", "orst"), none -> NOTHING);
        to.add(List.of("voting_view"), none -> Map.of("current_config", Map.of()));
        to.addAlways(List.of("zabstate"), none -> ordered("voting", false, "zabstate", ""));
    }

    private static Map<String, Object> ordered(String first, Object firstValue, String second, Object secondValue) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(first, firstValue);
        fields.put(second, secondValue);
        return fields;
    }

    private <T> T ask(Supplier<T> question) {
        return Waiting.await(owner.ask(question));
    }

    private Map<String, Object> tell(Runnable order) {
        return ask(() -> {
            order.run();
            return NOTHING;
        });
    }

    private Map<String, Object> configuration() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("client_port", facts.clientPort().getAsInt());
        fields.put("data_dir", WordAnswers.path(facts.dataDir()));
        fields.put("data_log_dir", WordAnswers.path(facts.dataLogDir()));
        fields.put("tick_time", facts.tickTimeMs());
        fields.put("max_client_cnxns", facts.maxClientConnections());
        fields.put("min_session_timeout", facts.minSessionTimeoutMs());
        fields.put("max_session_timeout", facts.maxSessionTimeoutMs());
        fields.put("server_id", 0);
        fields.put("client_port_listen_backlog", facts.listenBacklog());
        return fields;
    }

    private Map<String, Object> directories() {
        return ordered(
                "datadir_size",
                DataDirectory.size(facts.dataDir()),
                "logdir_size",
                DataDirectory.size(facts.dataLogDir()));
    }

    private Map<String, Object> digests() {
        ServerDigest digest = ServerDigest.of(owner, inspection::beginReview);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("zxid", digest.zxid());
        entry.put("digest", digest.value());
        entry.put("digest_version", DIGEST_VERSION);
        return Map.of("digests", List.of(entry));
    }

    private Map<String, Object> lastSnapshot() {
        long zxid = ask(inspection::figures).snapshotZxid();
        long writtenMs = DataDirectory.newestSnapshotMs(facts.dataDir());
        return ordered(
                "zxid",
                Long.toHexString(zxid),
                "timestamp",
                writtenMs < 0 ? -1 : TimeUnit.MILLISECONDS.toSeconds(writtenMs));
    }

    private Map<String, Object> monitor() {
        MetricsSnapshot metrics = MetricValues.withProcess(Waiting.await(MetricsQuestion.ask(owner, inspection)));
        return MetricValues.of(ask(inspection::figures).serverState(), metrics);
    }

    private Map<String, Object> setTraceMask(Map<String, String> parameters) {
        String mask = parameters.get(TRACE_MASK);
        String wanted = "setTraceMask requires long traceMask argument";
        if (mask == null) {
            return Map.of("error", wanted);
        }
        try {
            traceMask.set(Long.parseLong(mask));
        } catch (NumberFormatException e) {
            return Map.of("error", wanted + ", got " + mask);
        }
        return Map.of("tracemask", traceMask.get());
    }

    private Map<String, Object> stats() {
        ServerFigures figures = ask(inspection::figures);
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put("last_buffer_size", figures.lastResponseBytes());
        responses.put("min_buffer_size", figures.minResponseBytes());
        responses.put("max_buffer_size", figures.maxResponseBytes());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("version", ServerVersion.FULL);
        fields.put("read_only", false);
        fields.put("server_stats", serverStats(figures, responses));
        fields.put("client_response", responses);
        fields.put("node_count", figures.znodes());
        return fields;
    }

    private Map<String, Object> serverStats(ServerFigures figures, Map<String, Object> responses) {
        Map<String, Object> stats = new LinkedHashMap<>();
        stats.put("packets_sent", figures.sent());
        stats.put("packets_received", figures.received());
        stats.put("fsync_threshold_exceed_count", figures.slowSyncs());
        stats.put("client_response_stats", responses);
        stats.put("data_dir_size", DataDirectory.size(facts.dataDir()));
        stats.put("log_dir_size", DataDirectory.size(facts.dataLogDir()));
        stats.put("last_processed_zxid", figures.lastZxid());
        stats.put("outstanding_requests", figures.outstanding());
        stats.put("server_state", figures.serverState());
        stats.put("avg_latency", figures.avgLatency());
        stats.put("max_latency", figures.maxLatency());
        stats.put("min_latency", figures.minLatency());
        stats.put("num_alive_client_connections", figures.connections());
        stats.put("uptime", figures.uptimeMs());
        stats.put("auth_failed_count", figures.authFailures());
        stats.put("non_mtlsremote_conn_count", figures.remoteWithoutTls());
        stats.put("non_mtlslocal_conn_count", figures.localWithoutTls());
        stats.put("provider_null", false);
        return stats;
    }

    private Map<String, Object> withConnections(Map<String, Object> fields, boolean brief) {
        List<ConnectionInfo> all = Waiting.collect(owner, inspection::connections, WordAnswers.MOST_LISTED)
                .entries();
        fields.put("connections", connections(all, false, brief));
        fields.put("secure_connections", connections(all, true, brief));
        return fields;
    }

    private static List<Map<String, Object>> connections(List<ConnectionInfo> all, boolean secure, boolean brief) {
        return all.stream()
                .filter(each -> each.secure() == secure)
                .map(each -> connection(each, brief))
                .toList();
    }

    private static Map<String, Object> connection(ConnectionInfo connection, boolean brief) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("remote_socket_address", addressOf(connection.remote()));
        fields.put("interest_ops", connection.interestOps());
        fields.put("outstanding_requests", connection.queued());
        fields.put("packets_received", connection.received());
        fields.put("packets_sent", connection.sent());
        if (!brief) {
            SessionActivity activity = connection.activity();
            SessionActivity shown = activity == null ? SessionActivity.NONE : activity;
            fields.put("session_id", shown.sessionId());
            fields.put("last_operation", shown.lastOperation());
            fields.put("established", connection.establishedMs());
            fields.put("session_timeout", shown.timeoutMs());
            fields.put("last_cxid", shown.lastXid());
            fields.put("last_zxid", shown.lastZxid());
            fields.put("last_response_time", shown.lastResponseMs());
            fields.put("last_latency", shown.lastLatencyMs());
            fields.put("min_latency", shown.minLatencyMs());
            fields.put("avg_latency", shown.avgLatencyMs());
            fields.put("max_latency", shown.maxLatencyMs());
        }
        return fields;
    }

    private static String addressOf(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress internet
                ? internet.getAddress().getHostAddress() + ':' + internet.getPort()
                : String.valueOf(remote);
    }

    private Map<String, Object> dump() {
        SessionDump dump = SessionDump.of(owner, inspection, WordAnswers.MOST_LISTED);
        return ordered(
                "expiry_time_to_session_ids",
                dump.expiry().times(),
                "session_id_to_ephemeral_paths",
                dump.ephemerals());
    }

    private WatchTable watches() {
        return WatchTable.of(owner, inspection, WordAnswers.MOST_LISTED);
    }

    private Map<String, Object> watchSummary() {
        WatchSummary summary = ask(inspection::watchSummary);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("num_connections", summary.connections());
        fields.put("num_paths", summary.paths());
        fields.put("num_total_watches", summary.watches());
        return fields;
    }
}
