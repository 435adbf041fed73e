package io.coord.verification.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.coord.protocol.tls.StoreFile;
import io.coord.server.ClientAuth;
import io.coord.server.EmbeddedServer;
import io.coord.server.ServerTls;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.zookeeper.server.ServerMetrics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is counted of TLS, beside what ZooKeeper's own server counts of the same clients. */
class TlsMetricsCompatTest {
    private static final Authority OURS = new Authority("ours");
    /** Clients show no certificate where the server names only other authorities, but this one has the name of ours. */
    private static final Authority IMPOSTOR = new Authority("ours");

    private static X509Bundle serverOwner;

    @TempDir
    private Path directory;

    @BeforeAll
    static void issue() {
        ((Logger) LoggerFactory.getLogger("org.apache.zookeeper")).setLevel(Level.OFF);
        serverOwner = OURS.server("server");
    }

    private EmbeddedServer start(UnaryOperator<ServerTls.Builder> settings) {
        return EmbeddedServer.builder()
                .port(0)
                .adminPort(0)
                .tls(settings.apply(ServerTls.builder()
                                .stores(Authority.keys(directory, "server", serverOwner), OURS.trust(directory))
                                .port(0))
                        .build())
                .start();
    }

    private static SSLContext context(@Nullable X509Bundle owner) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = owner == null ? null : owner.toKeyManagerFactory().getKeyManagers();
        context.init(keys, new TrustManager[] {OURS.root().toTrustManager()}, null);
        return context;
    }

    /** One that is let in, and three that are not: with a stranger's certificate, with none, and without TLS. */
    private static void visit(int port) throws Exception {
        try (PlainTalk client = PlainTalk.secure(port, context(OURS.client("client")))) {
            assertThat(client.getsSession()).isTrue();
        }
        for (SSLContext each : List.of(context(IMPOSTOR.client("stranger")), context(null))) {
            try (PlainTalk client = PlainTalk.secure(port, each)) {
                assertThat(client.getsSession()).isFalse();
            }
        }
        try (PlainTalk client = PlainTalk.open(port)) {
            assertThat(client.getsSession()).isFalse();
        }
    }

    private static String page(EmbeddedServer server, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.adminPort().orElseThrow() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private static double counted(EmbeddedServer server, String name) throws IOException, InterruptedException {
        return page(server, "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + ' '))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void handshakesThatFailAreCountedAsByZooKeeper() throws Exception {
        StoreFile keys = Authority.keys(directory, "zookeeper", serverOwner);
        StoreFile trust = OURS.trust(directory);
        Map<String, String> properties = Map.of(
                "zookeeper.ssl.keyStore.location",
                keys.location().toString(),
                "zookeeper.ssl.keyStore.password",
                "",
                "zookeeper.ssl.trustStore.location",
                trust.location().toString(),
                "zookeeper.ssl.trustStore.password",
                "");
        properties.forEach(System::setProperty);
        long before = ServerMetrics.getMetrics().UNSUCCESSFUL_HANDSHAKE.get();
        try (SecureZooKeeper server = new SecureZooKeeper(directory)) {
            visit(server.port());
            await().untilAsserted(() -> assertThat(
                            ServerMetrics.getMetrics().UNSUCCESSFUL_HANDSHAKE.get() - before)
                    .isEqualTo(3));
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
        try (EmbeddedServer server = start(tls -> tls)) {
            visit(server.securePort());
            await().untilAsserted(() ->
                    assertThat(counted(server, "unsuccessful_handshake")).isEqualTo(3));
            assertThat(counted(server, "outstanding_tls_handshake")).isZero();
        }
    }

    @Test
    void handshakesUnderWayAndThoseTooManyAreCounted() throws Exception {
        try (EmbeddedServer server = start(tls -> tls.maxHandshakes(1))) {
            try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.securePort())) {
                slow.getOutputStream().write(22);
                await().untilAsserted(() ->
                        assertThat(counted(server, "outstanding_tls_handshake")).isEqualTo(1));
                try (PlainTalk client = PlainTalk.secure(server.securePort(), context(OURS.client("client")))) {
                    assertThat(client.getsSession()).isFalse();
                }
                await().untilAsserted(() ->
                        assertThat(counted(server, "tls_handshake_exceeded")).isEqualTo(1));
                assertThat(counted(server, "unsuccessful_handshake")).isZero();
            }
            await().untilAsserted(() -> {
                assertThat(counted(server, "outstanding_tls_handshake")).isZero();
                assertThat(counted(server, "unsuccessful_handshake")).isEqualTo(1);
            });
        }
    }

    @Test
    void connectionsInPlainTextAreCountedWherePlainTextIsTaken() throws Exception {
        try (EmbeddedServer server = start(tls -> tls.portUnification(true).clientAuth(ClientAuth.NONE))) {
            try (PlainTalk plain = PlainTalk.open(server.port());
                    PlainTalk upgraded = PlainTalk.secure(server.port(), context(null));
                    PlainTalk secure = PlainTalk.secure(server.securePort(), context(null))) {
                assertThat(plain.getsSession()).isTrue();
                assertThat(upgraded.getsSession()).isTrue();
                assertThat(secure.getsSession()).isTrue();

                assertThat(counted(server, "non_mtls_local_conn_count")).isEqualTo(1);
                assertThat(counted(server, "non_mtls_remote_conn_count")).isZero();
                String connections = page(server, "/commands/connections");
                int parting = connections.indexOf("\"secure_connections\"");
                assertThat(connections.substring(0, parting).split("\"remote_socket_address\"", -1))
                        .hasSize(3);
                assertThat(connections.substring(parting).split("\"remote_socket_address\"", -1))
                        .hasSize(2);
            }
        }
    }
}
