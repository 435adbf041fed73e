package io.coord.verification.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.tls.Revocation;
import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.StoreFormat;
import io.coord.protocol.tls.TlsConfig;
import io.coord.server.ClientAuth;
import io.coord.server.EmbeddedServer;
import io.coord.server.EmbeddedServerException;
import io.coord.server.ServerTls;
import io.netty.pkitesting.RevocationServer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's side of TLS, as clients of the JDK's find it. */
class ServerTlsFaultTest {
    private static final Authority OURS = new Authority("ours");
    private static final Authority OTHERS = new Authority("others");
    /** Clients show no certificate where the server names only other authorities, but this one has the name of ours. */
    private static final Authority IMPOSTOR = new Authority("ours");

    private static X509Bundle serverOwner;
    private static X509Bundle clientOwner;

    @TempDir
    private Path directory;

    @BeforeAll
    static void issue() {
        serverOwner = OURS.server("server");
        clientOwner = OURS.client("client");
    }

    private EmbeddedServer start(UnaryOperator<ServerTls.Builder> settings) {
        StoreFile keys = Authority.keys(directory, "server", serverOwner);
        return EmbeddedServer.builder()
                .tickTime(Duration.ofMillis(50))
                .tls(settings.apply(ServerTls.builder()
                                .stores(keys, OURS.trust(directory))
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

    private static boolean isLetIn(EmbeddedServer server, @Nullable X509Bundle owner) throws Exception {
        return isLetInWith(server, context(owner));
    }

    private static boolean isLetInWith(EmbeddedServer server, SSLContext context) throws IOException {
        try (PlainTalk client = PlainTalk.secure(server.securePort(), context)) {
            return client.getsSession();
        }
    }

    @ParameterizedTest
    @EnumSource(StoreFormat.class)
    void readsKeysAndTrustInEachFormat(StoreFormat format) throws Exception {
        ServerTls tls = ServerTls.builder()
                .stores(Authority.keys(directory, "server", serverOwner, format), OURS.trust(directory, format))
                .port(0)
                .build();
        try (EmbeddedServer server = EmbeddedServer.builder().tls(tls).start()) {
            assertThat(isLetIn(server, clientOwner)).isTrue();
        }
    }

    @Test
    void clientsWithoutCertificateAreSentAwayWhereOneIsNeeded() throws Exception {
        try (LogLines log = new LogLines();
                EmbeddedServer server = start(tls -> tls)) {
            assertThat(isLetIn(server, clientOwner)).isTrue();
            assertThat(isLetIn(server, null)).isFalse();
            await().untilAsserted(() ->
                    assertThat(log.lines()).anyMatch(line -> line.contains("it has shown no certificate")));
        }
    }

    @Test
    void clientsWithoutCertificateAreLetInWhereOneIsWanted() throws Exception {
        try (EmbeddedServer server = start(tls -> tls.clientAuth(ClientAuth.WANT))) {
            assertThat(isLetIn(server, null)).isTrue();
            assertThat(isLetIn(server, clientOwner)).isTrue();
            assertThat(isLetIn(server, IMPOSTOR.client("stranger"))).isFalse();
        }
    }

    @Test
    void noCertificateIsAskedForWhereNoneIsWanted() throws Exception {
        try (EmbeddedServer server = start(tls -> tls.clientAuth(ClientAuth.NONE))) {
            assertThat(isLetIn(server, OTHERS.client("stranger"))).isTrue();
        }
    }

    @Test
    void saysWhichCertificateIsRefusedAndWhy() throws Exception {
        try (LogLines log = new LogLines();
                EmbeddedServer server = start(tls -> tls)) {
            assertThat(isLetIn(server, IMPOSTOR.client("stranger"))).isFalse();
            assertThat(isLetIn(server, OURS.expired("old"))).isFalse();
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("INFO TLS with ")
                            && line.contains("CN=stranger")
                            && line.contains("is signed by another CN=ours than that of our trust store"))
                    .anyMatch(line -> line.contains("CN=old") && line.contains("is not valid any more")));
            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR") || line.startsWith("WARN"));
        }
    }

    @Test
    void revokedCertificatesAreFoundOut() throws Exception {
        RevocationServer lists = RevocationServer.getInstance();
        lists.register(OURS.root());
        URI list = lists.getCrlUri(OURS.root());
        X509Bundle good = OURS.issue("good", to -> to.addCrlDistributionPoint(list));
        X509Bundle stolen = OURS.issue("stolen", to -> to.addCrlDistributionPoint(list));
        lists.revoke(stolen, Instant.now().minus(Duration.ofHours(1)));
        TlsConfig checking = TlsConfig.builder()
                .keyStore(Authority.keys(directory, "server", serverOwner))
                .trustStore(OURS.trust(directory))
                .revocation(Revocation.CRL)
                .build();
        try (LogLines log = new LogLines();
                EmbeddedServer server = start(tls -> tls.config(checking))) {
            assertThat(isLetIn(server, good)).isTrue();
            assertThat(isLetIn(server, stolen)).isFalse();
            // Whether this one was revoked nobody can say.
            assertThat(isLetIn(server, clientOwner)).isFalse();
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.contains("CN=stolen") && line.contains("was revoked on")));
        }
    }

    @Test
    void clientsMustComeFromWhereTheirCertificateSays() throws Exception {
        try (EmbeddedServer server = start(tls -> tls.clientHostnameVerification(true))) {
            assertThat(isLetIn(server, OURS.server("here"))).isTrue();
            assertThat(isLetIn(server, OURS.issue("there", to -> to.addSanIpAddress("192.0.2.7"))))
                    .isFalse();
            assertThat(isLetIn(server, clientOwner)).isFalse();
        }
    }

    @Test
    void plainTextOnTheTlsPortEndsCleanlyAndIsTold() throws Exception {
        try (LogLines log = new LogLines();
                EmbeddedServer server = start(tls -> tls)) {
            try (PlainTalk client = PlainTalk.open(server.securePort())) {
                assertThat(client.getsSession()).isFalse();
            }
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.contains("it does not speak TLS, and this port takes")));
        }
    }

    @Test
    void tlsOnThePlainPortEndsCleanlyAndIsTold() throws Exception {
        try (LogLines log = new LogLines();
                EmbeddedServer server = EmbeddedServer.builder().port(0).start()) {
            try (PlainTalk client = PlainTalk.secure(server.port(), context(clientOwner))) {
                assertThat(client.getsSession()).isFalse();
            }
            await().untilAsserted(() ->
                    assertThat(log.lines()).anyMatch(line -> line.contains("it speaks TLS, and this port is plain")));
        }
    }

    @Test
    void onePortTakesBothKinds() throws Exception {
        StoreFile keys = Authority.keys(directory, "server", serverOwner);
        ServerTls tls = ServerTls.builder()
                .stores(keys, OURS.trust(directory))
                .portUnification(true)
                .build();
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).tls(tls).start()) {
            try (PlainTalk plain = PlainTalk.open(server.port());
                    PlainTalk secure = PlainTalk.secure(server.port(), context(clientOwner));
                    PlainTalk unknown = PlainTalk.secure(server.port(), context(null))) {
                assertThat(plain.getsSession()).isTrue();
                assertThat(secure.getsSession()).isTrue();
                assertThat(unknown.getsSession()).isFalse();
            }
            assertThatThrownBy(server::securePort).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void plainAndTlsPortsStandSideBySide() throws Exception {
        ServerTls tls = ServerTls.builder()
                .stores(Authority.keys(directory, "server", serverOwner), OURS.trust(directory))
                .port(0)
                .build();
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).tls(tls).start()) {
            try (PlainTalk plain = PlainTalk.open(server.port());
                    PlainTalk secure = PlainTalk.secure(server.securePort(), context(clientOwner))) {
                assertThat(plain.getsSession()).isTrue();
                assertThat(secure.getsSession()).isTrue();
            }
            assertThat(server.secureConnectString()).isEqualTo("127.0.0.1:" + server.securePort());
        }
    }

    @Test
    void halfAClientHelloAndThenSilenceEndsInTime() throws Exception {
        try (LogLines log = new LogLines();
                EmbeddedServer server = start(tls -> tls.handshakeTimeout(Duration.ofMillis(300)))) {
            try (PlainTalk half = PlainTalk.open(server.securePort());
                    PlainTalk oneByte = PlainTalk.open(server.securePort())) {
                half.say(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3);
                oneByte.say(22);
                half.awaitEnd();
                oneByte.awaitEnd();
            }
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("its TLS handshake was not over within 300 ms"))
                    .hasSize(2);
            assertThat(isLetIn(server, clientOwner)).isTrue();
        }
    }

    @Test
    void noMoreHandshakesThanAllowedAreUnderWay() throws Exception {
        try (LogLines log = new LogLines();
                EmbeddedServer server = start(tls -> tls.maxHandshakes(1))) {
            try (PlainTalk first = PlainTalk.open(server.securePort())) {
                first.say(22);
                await().untilAsserted(
                                () -> assertThat(isLetIn(server, clientOwner)).isFalse());
                assertThat(log.lines()).anyMatch(line -> line.contains("1 TLS handshakes are under way"));
            }
            await().untilAsserted(() -> assertThat(isLetIn(server, clientOwner)).isTrue());
        }
    }

    @Test
    void newConnectionsGetNewCertificatesAndOldConnectionsStay() throws Exception {
        try (EmbeddedServer server = start(tls -> tls.reloadInterval(Duration.ofMillis(100)));
                PlainTalk old = PlainTalk.secure(server.securePort(), context(clientOwner))) {
            assertThat(old.getsSession()).isTrue();
            assertThat(old.peer()).isEqualTo(serverOwner.getCertificate());

            X509Bundle next = OURS.server("server of next year");
            Authority.keys(directory, "server", next);

            await().untilAsserted(() ->
                    assertThat(certificateSeenBy(server, clientOwner)).isEqualTo(next.getCertificate()));
            // A ping, -2, of the connection that was there before.
            old.say(0, 0, 0, 8, 255, 255, 255, 254, 0, 0, 0, 11);
            assertThat(old.isAnswered()).isTrue();
        }
    }

    @Test
    void whoIsTrustedChangesWithTheTrustStore() throws Exception {
        StoreFile trust = OURS.trust(directory);
        try (EmbeddedServer server = start(tls -> tls.reloadInterval(Duration.ofMillis(100)))) {
            // One context, so that its sessions could be resumed.
            SSLContext client = context(clientOwner);
            assertThat(isLetInWith(server, client)).isTrue();
            Files.writeString(trust.location(), OTHERS.root().getCertificatePEM());
            await().untilAsserted(() -> assertThat(isLetInWith(server, client)).isFalse());
            assertThat(isLetIn(server, OTHERS.client("stranger"))).isTrue();
        }
    }

    @Test
    void aBrokenFileLeavesTheOldCertificatesInUse() throws Exception {
        try (LogLines log = new LogLines();
                EmbeddedServer server = start(tls -> tls.reloadInterval(Duration.ofMillis(100)))) {
            Path file = directory.resolve("server.pem");
            Files.writeString(file, serverOwner.getCertificatePEM() + "\n" + clientOwner.getPrivateKeyPEM());
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("WARN")
                            && line.contains("do not belong together")
                            && line.contains("those before stay")));
            assertThat(certificateSeenBy(server, clientOwner)).isEqualTo(serverOwner.getCertificate());

            X509Bundle next = OURS.server("mended server");
            Authority.keys(directory, "server", next);
            await().untilAsserted(() ->
                    assertThat(certificateSeenBy(server, clientOwner)).isEqualTo(next.getCertificate()));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("those before stay"))
                    .hasSize(1);
        }
    }

    private static Object certificateSeenBy(EmbeddedServer server, X509Bundle owner) throws Exception {
        try (PlainTalk client = PlainTalk.secure(server.securePort(), context(owner))) {
            assertThat(client.getsSession()).isTrue();
            return client.peer();
        }
    }

    @Test
    void doesNotStartWithKeysThatCannotBeUsed() throws IOException {
        StoreFile keys = Authority.keys(directory, "server", serverOwner, StoreFormat.PKCS12);
        StoreFile trust = OURS.trust(directory);
        assertThatThrownBy(() -> start(tls -> tls.stores(keys.withPassword("wrong"), trust)))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("server.p12: the password is wrong");
        assertThatThrownBy(() -> start(tls -> tls.stores(StoreFile.of(directory.resolve("no.pem")), trust)))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("there is no file");
        assertThatThrownBy(() -> start(tls -> tls.config(TlsConfig.builder()
                        .keyStore(keys)
                        .protocols(List.of("TLSv1.4"))
                        .build())))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("no protocol \"TLSv1.4\"")
                .extracting("reason")
                .isEqualTo(EmbeddedServerException.Reason.TLS);
    }

    @Test
    void speaksNoProtocolThatIsNotAllowed() throws Exception {
        StoreFile keys = Authority.keys(directory, "server", serverOwner);
        TlsConfig onlyNew = TlsConfig.builder()
                .keyStore(keys)
                .trustStore(OURS.trust(directory))
                .protocols(List.of("TLSv1.3"))
                .build();
        try (EmbeddedServer server = start(tls -> tls.config(onlyNew))) {
            try (PlainTalk client = PlainTalk.secure(server.securePort(), context(clientOwner))) {
                ((SSLSocket) client.socket).setEnabledProtocols(new String[] {"TLSv1.2"});
                assertThatThrownBy(() -> ((SSLSocket) client.socket).startHandshake())
                        .isInstanceOf(SSLException.class);
            }
            assertThat(isLetIn(server, clientOwner)).isTrue();
        }
    }

    @Test
    void aThousandHandshakesLeaveNothingBehind() throws Exception {
        SSLContext[] clients = {context(clientOwner), context(null), context(OTHERS.client("stranger"))};
        try (EmbeddedServer server = start(tls -> tls)) {
            int letIn = 0;
            for (int i = 0; i < 1_000; i++) {
                try (PlainTalk client = PlainTalk.secure(server.securePort(), clients[i % clients.length])) {
                    if (i % 7 != 0 && client.getsSession()) {
                        letIn++;
                    } else if (i % 7 == 0) {
                        client.say(1, 2, 3);
                    }
                } catch (SSLException | SocketException e) {
                    // Of those that are refused, and then say more.
                }
            }
            assertThat(letIn).isBetween(270, 300);
            await().untilAsserted(
                            () -> assertThat(server.status().connections()).isZero());
        }
    }
}
