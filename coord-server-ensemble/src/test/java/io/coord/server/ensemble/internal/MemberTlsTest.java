package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.tls.StoreFile;
import io.coord.server.EnsembleTls;
import io.coord.server.internal.replication.MemberSettings.PeerTls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that speak TLS to each other, and others that would like to be let in. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemberTlsTest {
    private static final int ANSWER_MS = 20_000;

    @TempDir
    static Path directory;

    private static X509Bundle authority;
    private static X509Bundle stranger;
    private static Members members;

    @BeforeAll
    static void start() throws Exception {
        authority = builder("authority").setIsCertificateAuthority(true).buildSelfSigned();
        stranger = builder("stranger").setIsCertificateAuthority(true).buildSelfSigned();
        members = new Members(directory, 3, 0, 100_000).withTls(tls("member", authority, "127.0.0.1"));
        members.startAll();
    }

    @AfterAll
    static void closeAll() throws Exception {
        members.closeAll();
    }

    private static CertificateBuilder builder(String name) {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .notBefore(Instant.now().minus(Duration.ofDays(1)))
                .notAfter(Instant.now().plus(Duration.ofDays(1)));
    }

    /** A certificate of this issuer for this address; the authority of the members is trusted, whoever has issued it. */
    private static EnsembleTls tls(String name, X509Bundle issuer, String address) throws Exception {
        X509Bundle owner = builder(name).addSanIpAddress(address).buildIssuedBy(issuer);
        Path keys = Files.writeString(
                directory.resolve(name + ".pem"), owner.getCertificatePEM() + '\n' + owner.getPrivateKeyPEM());
        Path trust = Files.writeString(directory.resolve(name + "-trust.pem"), authority.getCertificatePEM());
        return EnsembleTls.ofStores(StoreFile.of(keys), StoreFile.of(trust));
    }

    private static void create(ZooKeeper client, String path) {
        await().atMost(Members.DEADLINE)
                .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                .until(() -> {
                    try {
                        client.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                        return true;
                    } catch (KeeperException.NodeExistsException e) {
                        return true;
                    }
                });
    }

    @Test
    void membersWorkTogetherAndALeaderThatStopsIsFollowedByAnother() throws Exception {
        int leader = members.leader();
        ZooKeeper client = members.client(members.follower());
        create(client, "/by-a-follower");
        members.stop(leader);
        create(client, "/by-the-next");
        members.start(leader);
        members.awaitServing(List.of(leader));
        ZooKeeper there = members.client(leader);
        create(there, "/by-who-was-away");

        assertThat(there.exists("/by-the-next", false)).isNotNull();
    }

    @Test
    void whoeverSpeaksNoTlsIsNotHeardOnEitherPort() throws Exception {
        for (int which : new int[] {0, 1}) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), members.port(1, which))) {
                socket.setSoTimeout(ANSWER_MS);
                socket.getOutputStream().write("a frame that is no handshake".getBytes(StandardCharsets.US_ASCII));
                assertThat(isClosedWithoutAnAnswer(socket)).as("port " + which).isTrue();
            }
        }
    }

    /** An alert of TLS may come, and nothing else. */
    private static boolean isClosedWithoutAnAnswer(Socket socket) {
        try {
            byte[] answer = socket.getInputStream().readNBytes(64);
            return answer.length < 64;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void whoeverShowsNoCertificateOrAForeignOneIsNotHeardOnEitherPort() throws Exception {
        SSLContext nobody = SSLContext.getInstance("TLS");
        nobody.init(null, new TrustManager[] {new EveryoneIsTrusted()}, new SecureRandom());
        SSLContext foreign =
                tls("foreign", stranger, "127.0.0.1").config().source().load().toContext();
        SSLContext own =
                tls("own", authority, "127.0.0.1").config().source().load().toContext();
        for (int which : new int[] {0, 1}) {
            assertThat(isLetIn(nobody, members.port(1, which))).isFalse();
            assertThat(isLetIn(foreign, members.port(1, which))).isFalse();
            assertThat(isLetIn(own, members.port(1, which))).isTrue();
        }
    }

    /** With TLS 1.2 a handshake is over when both sides know each other. */
    private static boolean isLetIn(SSLContext context, int port) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(ANSWER_MS);
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aMemberWhoseCertificateIsForAnotherHostIsNotConnectedTo() throws Exception {
        MemberTls elsewhere = new MemberTls(rules(tls("elsewhere", authority, "10.0.0.1")));
        MemberTls here = new MemberTls(rules(tls("here", authority, "127.0.0.1")));

        try (TlsServer server = new TlsServer(elsewhere)) {
            assertThatThrownBy(() -> here.socketTo(server.connect(), "127.0.0.1", server.port()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1");
        }
        try (TlsServer server = new TlsServer(here)) {
            assertThat(elsewhere.socketTo(server.connect(), "127.0.0.1", server.port()))
                    .isNotNull();
        }
    }

    private static PeerTls rules(EnsembleTls tls) {
        return new PeerTls(tls.config(), tls.hostnameVerification(), tls.reload());
    }
}
