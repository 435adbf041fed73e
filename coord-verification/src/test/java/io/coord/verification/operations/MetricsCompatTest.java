package io.coord.verification.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.EmbeddedServer;
import io.coord.verification.server.ZooKeeperUnderTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.metrics.impl.DefaultMetricsProvider;
import org.apache.zookeeper.server.ServerMetrics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names, kinds and labels of our metrics beside those that a real ZooKeeper server hands to its provider. */
class MetricsCompatTest {
    /** What Prometheus' Java client 0.9.0, which ZooKeeper's provider brings, tells of a process; one of them we leave out. */
    private static final Set<String> OF_THE_PROCESS = Set.of(
            "process_cpu_seconds_total",
            "process_start_time_seconds",
            "process_open_fds",
            "process_max_fds",
            "process_virtual_memory_bytes",
            "process_resident_memory_bytes",
            "jvm_memory_bytes_used",
            "jvm_memory_bytes_committed",
            "jvm_memory_bytes_max",
            "jvm_memory_bytes_init",
            "jvm_memory_pool_bytes_used",
            "jvm_memory_pool_bytes_committed",
            "jvm_memory_pool_bytes_max",
            "jvm_memory_pool_bytes_init",
            "jvm_buffer_pool_used_bytes",
            "jvm_buffer_pool_capacity_bytes",
            "jvm_buffer_pool_used_buffers",
            "jvm_gc_collection_seconds",
            "jvm_threads_current",
            "jvm_threads_daemon",
            "jvm_threads_peak",
            "jvm_threads_started_total",
            "jvm_threads_deadlocked",
            "jvm_threads_deadlocked_monitor",
            "jvm_threads_state",
            "jvm_classes_loaded",
            "jvm_classes_loaded_total",
            "jvm_classes_unloaded_total",
            "jvm_info");

    /** Those that have no members as long as nobody has made one: sets of an ensemble, and of quotas. */
    private static final Set<String> EMPTY_SETS = Set.of(
            "ack_latency",
            "learner_handler_qp_size",
            "learner_handler_qp_time_ms",
            "quota_exceeded_error_per_namespace");

    private static final List<String> OF_QUOTAS = List.of(
            "quota_count_limit_per_namespace",
            "quota_bytes_limit_per_namespace",
            "quota_count_usage_per_namespace",
            "quota_bytes_usage_per_namespace");

    private static final Map<String, Map<String, Number>> QUOTAS_THERE = new TreeMap<>();

    /** What people alert on; those of a leader apart, which no single server has. */
    private static final List<String> WATCHED_BY_PEOPLE = List.of(
            "znode_count",
            "num_alive_connections",
            "approximate_data_size",
            "watch_count",
            "election_time_count",
            "open_file_descriptor_count",
            "fsynctime_sum",
            "snapshottime_sum",
            "avg_latency",
            "jvm_memory_bytes_used{area=\"heap\"}",
            "jvm_memory_bytes_max{area=\"heap\"}",
            "outstanding_requests",
            "stale_sessions_expired",
            "connection_drop_count",
            "connection_rejected",
            "readlatency_sum",
            "readlatency{quantile=\"0.99\"}",
            "updatelatency{quantile=\"0.9\"}",
            "propagation_latency_count",
            "jvm_pause_time_ms_sum",
            "digest_mismatches_count",
            "unrecoverable_error_count",
            "auth_failed_count",
            "global_sessions",
            "ephemerals_count",
            "request_throttle_wait_count",
            "watch_bytes",
            "response_packet_cache_hits",
            "response_packet_cache_misses",
            "read_per_namespace_sum{key=\"measured\"}",
            "write_per_namespace_count{key=\"measured\"}");

    private static final List<String> OF_A_LEADER =
            List.of("synced_followers", "pending_syncs", "leader_uptime", "quorum_size");

    @TempDir
    private static Path directory;

    private static EmbeddedServer coord;
    private static ZooKeeper client;
    private static final RecordedMetrics ZOO_KEEPER = new RecordedMetrics();

    @BeforeAll
    static void startBoth() throws IOException, InterruptedException, KeeperException {
        ServerMetrics.metricsProviderInitialized(ZOO_KEEPER);
        try (ZooKeeperUnderTest server = ZooKeeperUnderTest.start()) {
            ZooKeeper there = OperatedServers.client(server.connectString());
            limit(there);
            for (String each : OF_QUOTAS) {
                QUOTAS_THERE.put(each, ZOO_KEEPER.valuesOf(each));
            }
            there.close();
        }
        coord = EmbeddedServer.builder()
                .port(0)
                .dataDir(directory)
                .tickTime(Duration.ofMillis(500))
                .adminPort(0)
                .metricsPort(0)
                .fourLetterWords("mntr", "srst")
                .start();
        client = OperatedServers.client(coord.connectString());
        client.create("/measured", new byte[100], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.getData("/measured", event -> {}, null);
        client.setData("/measured", new byte[50], -1);
        limit(client);
    }

    /** A soft limit, hard ones, one below another, one whose figures nobody keeps. */
    private static void limit(ZooKeeper client) throws KeeperException, InterruptedException {
        create(client, "/limited", "12345");
        create(client, "/limited/child", "123");
        create(client, "/limited/deep", "");
        create(client, "/limited/deep/child", "1234567");
        create(client, "/soft", "1");
        quota(client, "/limited", "count=5,bytes=-1=;byteHardLimit=70;countHardLimit=-1", true);
        quota(client, "/limited/deep", "count=10,bytes=1000=;byteHardLimit=-1;countHardLimit=20", true);
        quota(client, "/soft", "count=-1,bytes=9", false);
        create(client, "/limited/deep/later", "12");
    }

    private static void quota(ZooKeeper client, String path, String limits, boolean counting)
            throws KeeperException, InterruptedException {
        create(client, "/zookeeper/quota" + path, "");
        create(client, "/zookeeper/quota" + path + "/zookeeper_limits", limits);
        if (counting) {
            create(client, "/zookeeper/quota" + path + "/zookeeper_stats", "count=0,bytes=0");
        }
    }

    private static void create(ZooKeeper client, String path, String data)
            throws KeeperException, InterruptedException {
        client.create(path, data.getBytes(UTF_8), Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    @AfterAll
    static void stopBoth() throws InterruptedException {
        ServerMetrics.metricsProviderInitialized(new DefaultMetricsProvider());
        client.close();
        coord.close();
    }

    private static HttpResponse<String> fetch(int port) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static PublishedMetrics published() throws IOException, InterruptedException {
        HttpResponse<String> page = fetch(coord.metricsPort().orElseThrow());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        return PublishedMetrics.parse(page.body());
    }

    @Test
    void eachNameIsOneOfZooKeepersOrMarkedAsOurs() throws IOException, InterruptedException {
        for (Map.Entry<String, String> each : published().types().entrySet()) {
            String name = each.getKey();
            if (name.startsWith("coord_") || OF_THE_PROCESS.contains(name)) {
                continue;
            }
            assertThat(ZOO_KEEPER.kinds()).containsKey(name);
            assertThat(each.getValue())
                    .as(name)
                    .isEqualTo(ZOO_KEEPER.kinds().get(name).type());
        }
    }

    @Test
    void noneOfZooKeepersNamesIsMissing() throws IOException, InterruptedException {
        Set<String> missing = new TreeSet<>(ZOO_KEEPER.kinds().keySet());
        missing.removeAll(published().types().keySet());
        missing.removeAll(EMPTY_SETS);

        assertThat(missing).isEmpty();
        assertThat(ZOO_KEEPER.kinds()).hasSizeGreaterThan(140);
    }

    @Test
    void noneOfTheNamesOfTheProcessIsMissing() throws IOException, InterruptedException {
        assertThat(published().types().keySet()).containsAll(OF_THE_PROCESS);
    }

    @Test
    void summariesHaveTheSameQuantilesAndKeys() throws IOException, InterruptedException {
        PublishedMetrics ours = published();
        for (String name : ours.types().keySet()) {
            RecordedMetrics.Kind kind = ZOO_KEEPER.kinds().get(name);
            if (kind == null || !kind.type().equals("summary")) {
                continue;
            }
            String before = kind.keyed() ? name + "{key=\"measured\"," : name + '{';
            assertThat(ours.samples().keySet()).contains(before + "quantile=\"0.5\"}");
            for (String tail : List.of("0.9", "0.99")) {
                assertThat(ours.samples().containsKey(before + "quantile=\"" + tail + "\"}"))
                        .as("%s of %s", tail, name)
                        .isEqualTo(kind.tail());
            }
        }
    }

    @Test
    void whatPeopleWatchIsThere() throws IOException, InterruptedException {
        assertThat(published().samples().keySet()).containsAll(WATCHED_BY_PEOPLE);
        assertThat(ZOO_KEEPER.kinds().keySet()).doesNotContainAnyElementsOf(OF_A_LEADER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fsynctime_count",
                "sync_processor_batch_size_sum",
                "dbinittime_count",
                "updatelatency_count",
                "readlatency_count",
                "propagation_latency_count",
                "connection_request_count",
                "bytes_received_count",
                "response_bytes",
                "watch_bytes",
                "packets_received",
                "approximate_data_size",
                "node_changed_watch_count_sum",
            })
    void whatHasHappenedIsCounted(String name) throws IOException, InterruptedException {
        assertThat(published().samples().get(name)).isPositive();
    }

    @Test
    void sizesBelowTheTopLevelZnodesAreZooKeepers() throws IOException, InterruptedException {
        Map<String, Double> samples = published().samples();

        // The path and the data of the create and of the setData; path, data and stat of the getData.
        assertThat(samples.get("write_per_namespace_sum{key=\"measured\"}")).isEqualTo(2 * 9 + 100 + 50);
        assertThat(samples.get("read_per_namespace_sum{key=\"measured\"}")).isEqualTo(9 + 100 + 68);
    }

    @Test
    void limitsAndFiguresOfQuotasAreZooKeepers() throws IOException, InterruptedException {
        Map<String, Double> samples = published().samples();
        String monitor = WordSocket.ask(coord.port(), "mntr");

        for (String name : OF_QUOTAS) {
            Map<String, Number> there = QUOTAS_THERE.get(name);
            assertThat(there).as(name).containsKey("limited");
            there.forEach((key, value) -> {
                assertThat(samples).containsEntry(name + "{key=\"" + key + "\"}", value.doubleValue());
                assertThat(monitor).contains("\nzk_" + key + "_" + name + "\t" + value + "\n");
            });
            assertThat(samples.keySet().stream().filter(each -> each.startsWith(name)))
                    .hasSameSizeAs(there.keySet());
        }
    }

    @Test
    void theAdminServerOffersThemToo() throws IOException, InterruptedException {
        PublishedMetrics there =
                PublishedMetrics.parse(fetch(coord.adminPort().orElseThrow()).body());

        assertThat(there.types()).isEqualTo(published().types());
    }

    @Test
    void aResetLeavesPrometheusItsCounters() throws IOException, InterruptedException {
        double before = published().samples().get("updatelatency_count");
        assertThat(WordSocket.ask(coord.port(), "srst")).isEqualTo("Server stats reset.\n");

        assertThat(WordSocket.ask(coord.port(), "mntr")).contains("\nzk_cnt_updatelatency\t0\n");
        assertThat(published().samples().get("updatelatency_count")).isGreaterThanOrEqualTo(before);
    }
}
