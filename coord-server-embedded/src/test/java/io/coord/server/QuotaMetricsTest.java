package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What quotas have refused, as operators see it. */
class QuotaMetricsTest {
    private int xid;

    private static EmbeddedServer.Builder builder() {
        return EmbeddedServer.builder().port(0).metricsPort(0);
    }

    private static CreateRequest create(String path, String data) {
        return new CreateRequest(OpCode.CREATE, path, data.getBytes(StandardCharsets.UTF_8), Acl.OPEN, 0);
    }

    private void ok(RawClient client, Request request) {
        assertThat(client.call(++xid, request).header().error()).isZero();
    }

    /** No more than two znodes, and ten bytes, at {@code /a} and below. */
    private void limit(RawClient client, String limits) {
        ok(client, create("/a", ""));
        ok(client, create("/zookeeper/quota/a", ""));
        ok(client, create("/zookeeper/quota/a/zookeeper_limits", limits));
        ok(client, create("/zookeeper/quota/a/zookeeper_stats", ""));
    }

    private static List<String> counted(EmbeddedServer server) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.metricsPort().orElseThrow() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("quota_exceeded_error_per_namespace"))
                .toList();
    }

    @Test
    void eachRefusalCountsForTheTopLevelZnode() throws Exception {
        try (EmbeddedServer server = builder().enforceQuota(true).start();
                RawClient client = RawClient.session(server.port())) {
            limit(client, "count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=2");
            ok(client, create("/a/b", ""));
            assertThat(counted(server)).isEmpty();
            int refused = ErrorCode.QUOTA_EXCEEDED.code();
            assertThat(client.call(++xid, create("/a/c", "")).header().error()).isEqualTo(refused);
            assertThat(client.call(++xid, new SetDataRequest("/a/b", new byte[11], -1))
                            .header()
                            .error())
                    .isEqualTo(refused);
            client.call(++xid, new MultiRequest(List.of(create("/x", ""), create("/a/d", ""))));

            assertThat(counted(server)).containsExactly("quota_exceeded_error_per_namespace{key=\"a\"} 3.0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"count=2,bytes=10", "count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=2"})
    void whatIsOnlyToldOfDoesNotCount(String limits) throws Exception {
        try (EmbeddedServer server = builder().start();
                RawClient client = RawClient.session(server.port())) {
            limit(client, limits);
            ok(client, create("/a/b", ""));
            ok(client, create("/a/c", "much more than ten bytes"));
            assertThat(counted(server)).isEmpty();
        }
    }
}
