package io.coord.verification.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.client.CoordClientBuilder;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.session.SessionState;
import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.StoreFormat;
import io.coord.protocol.tls.TlsConfig;
import io.coord.server.EmbeddedServer;
import io.coord.server.ServerTls;
import io.coord.testkit.FaultProxy;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client's side of TLS: whom it believes, whom not, and what it says then. */
class ClientTlsFaultTest {
    private static final Authority OURS = new Authority("ours");
    private static final Authority OTHERS = new Authority("others");
    /** Clients show no certificate where the server names only other authorities, but this one has the name of ours. */
    private static final Authority IMPOSTOR = new Authority("ours");

    private static final byte[] DATA = {1, 2, 3};
    private static X509Bundle serverOwner;
    private static X509Bundle clientOwner;

    @TempDir
    private Path directory;

    @BeforeAll
    static void issue() {
        serverOwner = OURS.server("server");
        clientOwner = OURS.client("client");
    }

    private EmbeddedServer start(X509Bundle owner) {
        return start(owner, tls -> tls);
    }

    private EmbeddedServer start(X509Bundle owner, UnaryOperator<ServerTls.Builder> settings) {
        return EmbeddedServer.builder()
                .tickTime(Duration.ofMillis(50))
                .port(0)
                .tls(settings.apply(ServerTls.builder()
                                .stores(Authority.keys(directory, "server", owner), OURS.trust(directory))
                                .port(0))
                        .build())
                .start();
    }

    private TlsConfig trusting() {
        return TlsConfig.builder()
                .keyStore(Authority.keys(directory, "client", clientOwner))
                .trustStore(OURS.trust(directory))
                .build();
    }

    private static CoordClientBuilder client(String address, TlsConfig tls) {
        return CoordClient.builder()
                .connectString(address)
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(100), 0.5))
                .requestTimeout(Duration.ofSeconds(20))
                .tls(tls);
    }

    private static void assertWorks(CoordClient client) {
        client.create().forPath("/a", DATA);
        assertThat(client.getData().forPath("/a")).isEqualTo(DATA);
        client.delete().forPath("/a");
    }

    /** Also while a connection breaks: a read is sent again. */
    private static void assertReads(CoordClient client) {
        assertThat(client.getData().forPath("/kept")).isEqualTo(DATA);
    }

    /** A call keeps its deadline, and its failure says what is wrong; so does the log. */
    private static void assertRefused(String address, TlsConfig tls, String... reason) {
        try (LogLines log = new LogLines();
                CoordClient client = client(address, tls)
                        .requestTimeout(Duration.ofMillis(100))
                        .build()
                        .start()) {
            await().untilAsserted(() -> assertThat(warnings(log)).isNotEmpty());
            assertThatThrownBy(() -> client.checkExists().forPath("/a"))
                    .isInstanceOf(RequestTimeoutException.class)
                    .message()
                    .contains(reason);
            assertThat(client.state()).isEqualTo(SessionState.CONNECTING);
            assertThat(warnings(log))
                    .singleElement()
                    .asString()
                    .contains("No server can be reached, trying on")
                    .contains(reason);
        }
    }

    private static List<String> warnings(LogLines log) {
        return log.lines().stream().filter(line -> line.startsWith("WARN")).toList();
    }

    @ParameterizedTest
    @EnumSource(StoreFormat.class)
    void readsKeysAndTrustInEachFormat(StoreFormat format) {
        TlsConfig tls = TlsConfig.builder()
                .keyStore(Authority.keys(directory, "client", clientOwner, format))
                .trustStore(OURS.trust(directory, format))
                .build();
        try (EmbeddedServer server = start(serverOwner);
                CoordClient client =
                        client(server.secureConnectString(), tls).build().start()) {
            assertWorks(client);
        }
    }

    @Test
    void takesAContextThatTheApplicationHasMade() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] keys = clientOwner.toKeyManagerFactory().getKeyManagers();
        context.init(keys, new TrustManager[] {OURS.root().toTrustManager()}, null);
        TlsConfig tls = TlsConfig.builder().sslContext(context).build();
        try (EmbeddedServer server = start(serverOwner);
                CoordClient client =
                        client(server.secureConnectString(), tls).build().start()) {
            assertWorks(client);
        }
    }

    @Test
    void carriesLongValuesBothWays() {
        byte[] large = new byte[900_000];
        large[899_999] = 7;
        try (EmbeddedServer server = start(serverOwner);
                CoordClient client =
                        client(server.secureConnectString(), trusting()).build().start()) {
            client.create().forPath("/large", large);
            for (int i = 0; i < 20; i++) {
                assertThat(client.getData().forPath("/large")).isEqualTo(large);
            }
        }
    }

    @Test
    void aServerThatNobodyVouchesForIsRefused() {
        try (EmbeddedServer server = start(OTHERS.server("impostor"))) {
            assertRefused(
                    server.secureConnectString(),
                    trusting(),
                    "127.0.0.1:" + server.securePort(),
                    "CN=impostor",
                    "that would be CN=others");
        }
    }

    @Test
    void anExpiredCertificateIsRefused() {
        try (EmbeddedServer server = start(OURS.expired("old"))) {
            assertRefused(server.secureConnectString(), trusting(), "CN=old", "is not valid any more");
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() {
        try (EmbeddedServer server = start(OURS.issue("elsewhere", to -> to.addSanDnsName("zk.example.org")))) {
            assertRefused(
                    server.secureConnectString(),
                    trusting(),
                    "CN=elsewhere",
                    "is not for 127.0.0.1 but for zk.example.org");
            assertRefused(
                    "localhost:" + server.securePort(), trusting(), "is not for localhost but for zk.example.org");
        }
    }

    @Test
    void namesCountForNothingWhenTheyAreNotVerified() {
        try (EmbeddedServer server = start(OURS.issue("elsewhere", to -> to.addSanDnsName("zk.example.org")));
                CoordClient client = client(server.secureConnectString(), trusting())
                        .tlsHostnameVerification(false)
                        .build()
                        .start()) {
            assertWorks(client);
        }
    }

    @Test
    void aClientWithoutTheCertificateThatTheServerNeedsLearnsOfIt() {
        TlsConfig nobody = TlsConfig.builder().trustStore(OURS.trust(directory)).build();
        TlsConfig stranger = TlsConfig.builder()
                .keyStore(Authority.keys(directory, "stranger", IMPOSTOR.client("stranger")))
                .trustStore(OURS.trust(directory))
                .build();
        TlsConfig old = TlsConfig.builder()
                .keyStore(Authority.keys(directory, "old", OURS.expired("old")))
                .trustStore(OURS.trust(directory))
                .build();
        try (EmbeddedServer server = start(serverOwner)) {
            assertRefused(server.secureConnectString(), nobody, "the server needs a certificate of this client");
            assertRefused(server.secureConnectString(), old, "the server refuses the certificate of this client");
            assertRefused(server.secureConnectString(), stranger, "the server refuses the certificate of this client");
        }
    }

    @Test
    void aServerWithoutTlsIsToldFromOneThatIsNotThere() {
        try (EmbeddedServer server = start(serverOwner)) {
            assertRefused(server.connectString(), trusting(), "perhaps its port is not for TLS");
        }
    }

    @Test
    void filesThatCannotBeReadAreNamedAndReadOnceTheyAreThere() {
        StoreFile missing = StoreFile.of(directory.resolve("later.pem"));
        TlsConfig tls = TlsConfig.builder()
                .keyStore(missing)
                .trustStore(OURS.trust(directory))
                .build();
        try (EmbeddedServer server = start(serverOwner)) {
            assertRefused(server.secureConnectString(), tls, "there is no file", "later.pem");
            try (CoordClient client =
                    client(server.secureConnectString(), tls).build().start()) {
                Authority.keys(directory, "later", clientOwner);
                assertWorks(client);
            }
        }
    }

    @Test
    void theNextConnectionShowsTheNewCertificate() throws Exception {
        TlsConfig tls = trusting();
        try (EmbeddedServer server = start(serverOwner, to -> to.reloadInterval(Duration.ofMillis(100)));
                FaultProxy proxy = FaultProxy.to(server.securePort());
                CoordClient client = client(proxy.connectString(), tls).build().start()) {
            client.create().forPath("/kept", DATA);

            Path trust = OURS.trust(directory).location();
            Files.writeString(
                    trust,
                    OURS.root().getCertificatePEM() + '\n' + OTHERS.root().getCertificatePEM());
            Authority.keys(directory, "server", OTHERS.server("server"));
            Authority.keys(directory, "client", OTHERS.client("client"));
            awaitCertificate(server, "CN=others");
            assertReads(client);

            proxy.cut();
            assertReads(client);
            // Only who believes the others, and is believed by them, gets through now.
            Files.writeString(trust, OTHERS.root().getCertificatePEM());
            proxy.cut();
            assertReads(client);
        }
    }

    private static void awaitCertificate(EmbeddedServer server, String issuer) throws Exception {
        SSLContext blind = SSLContext.getInstance("TLS");
        blind.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        await().untilAsserted(() -> {
            try (PlainTalk look = PlainTalk.secure(server.securePort(), blind)) {
                assertThat(look.peer().getIssuerX500Principal().getName()).isEqualTo(issuer);
            }
        });
    }

    @Test
    void aBrokenFileLeavesTheOldCertificateInUse() throws Exception {
        try (LogLines log = new LogLines();
                EmbeddedServer server = start(serverOwner);
                FaultProxy proxy = FaultProxy.to(server.securePort());
                CoordClient client =
                        client(proxy.connectString(), trusting()).build().start()) {
            client.create().forPath("/kept", DATA);
            Files.writeString(directory.resolve("client.pem"), "nothing of use");
            proxy.cut();
            assertReads(client);
            await().untilAsserted(() -> assertThat(client.state()).isEqualTo(SessionState.CONNECTED));
            assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN")
                            && line.contains("client.pem: no block of PEM")
                            && line.contains("those before stay"));
        }
    }

    @Test
    void aHandshakeThatHangsCostsTheAttemptAndNotTheCall() {
        try (EmbeddedServer server = start(serverOwner);
                FaultProxy proxy = FaultProxy.to(server.securePort());
                CoordClient client = client(proxy.connectString(), trusting())
                        .connectTimeout(Duration.ofMillis(300))
                        .build()) {
            proxy.blackhole();
            client.start();
            await().untilAsserted(() -> assertThat(proxy.connections()).isPositive());
            proxy.resume();
            assertWorks(client);
        }
    }
}
