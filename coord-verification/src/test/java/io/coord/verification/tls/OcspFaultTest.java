package io.coord.verification.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.tls.Revocation;
import io.coord.protocol.tls.TlsConfig;
import io.coord.server.EmbeddedServer;
import io.coord.server.ServerTls;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients whose certificates were revoked since, found out by asking their issuer. */
class OcspFaultTest {
    /** Of the part of a certificate that says where to ask. */
    private static final String INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";

    private final Authority ours = new Authority("ours");

    @TempDir
    private Path directory;

    private EmbeddedServer start(Revocation revocation) {
        TlsConfig config = TlsConfig.builder()
                .keyStore(Authority.keys(directory, "server", ours.server("server")))
                .trustStore(ours.trust(directory))
                .revocation(revocation)
                .build();
        return EmbeddedServer.builder()
                .tls(ServerTls.builder().config(config).port(0).build())
                .start();
    }

    private X509Bundle client(String name, String responder) throws IOException {
        GeneralName address = new GeneralName(GeneralName.uniformResourceIdentifier, responder);
        byte[] access = new AuthorityInformationAccess(new AccessDescription(AccessDescription.id_ad_ocsp, address))
                .getEncoded();
        return ours.issue(name, to -> to.addExtensionOctetString(INFORMATION_ACCESS, false, access));
    }

    private boolean isLetIn(EmbeddedServer server, X509Bundle owner) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                owner.toKeyManagerFactory().getKeyManagers(),
                new TrustManager[] {ours.root().toTrustManager()},
                null);
        try (PlainTalk client = PlainTalk.secure(server.securePort(), context)) {
            return client.getsSession();
        }
    }

    @Test
    void theIssuerIsAskedAndWhoWasRevokedIsSentAway() throws Exception {
        try (OcspResponder responder = new OcspResponder(ours.root());
                LogLines log = new LogLines();
                EmbeddedServer server = start(Revocation.OCSP)) {
            X509Bundle good = client("good", responder.url());
            X509Bundle stolen = client("stolen", responder.url());
            responder.revoke(stolen.getCertificate());
            assertThat(isLetIn(server, good)).isTrue();
            assertThat(isLetIn(server, stolen)).isFalse();
            assertThat(responder.asked()).isEqualTo(2);
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.contains("CN=stolen") && line.contains("was revoked on")));
        }
    }

    /** Whether it was revoked nobody can say. */
    @Test
    void noAnswerIsARefusal() throws Exception {
        String nobody;
        try (OcspResponder gone = new OcspResponder(ours.root())) {
            nobody = gone.url();
        }
        try (EmbeddedServer server = start(Revocation.OCSP)) {
            assertThat(isLetIn(server, client("good", nobody))).isFalse();
        }
    }

    @Test
    void nobodyIsAskedWhereThatIsOff() throws Exception {
        try (OcspResponder responder = new OcspResponder(ours.root());
                EmbeddedServer server = start(Revocation.NONE)) {
            assertThat(isLetIn(server, client("good", responder.url()))).isTrue();
            assertThat(responder.asked()).isZero();
        }
    }
}
