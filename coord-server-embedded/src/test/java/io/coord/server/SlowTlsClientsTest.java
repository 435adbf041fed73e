package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.tls.TlsConfig;
import io.coord.protocol.tls.TlsMaterial;
import io.coord.protocol.tls.TlsSource;
import io.coord.server.internal.tls.TlsRules;
import io.coord.server.internal.transport.TransportLimits;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What TLS holds back for a client counts as buffered, and a client that takes nothing is not waited for. */
@Timeout(90)
class SlowTlsClientsTest {
    private static final int LARGE = 500_000;
    private static SSLContext clients;
    private static TlsRules rules;

    @BeforeAll
    static void issue() throws Exception {
        X509Bundle owner = new CertificateBuilder()
                .subject("CN=server")
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        TlsMaterial keys = TlsMaterial.of(List.of(owner.toKeyManagerFactory().getKeyManagers()), List.of(), List.of());
        rules = new TlsRules(
                TlsConfig.builder().source(TlsSource.fixed(keys)).build(), false, false, false, 0, 10_000, 10);
        clients = SSLContext.getInstance("TLS");
        clients.init(null, new TrustManager[] {owner.toTrustManager()}, null);
    }

    private static SmallServer start() {
        return new SmallServer(new TransportLimits(1 << 20, 1 << 20, 0, 0, 10_000, 2 << 20, 64L << 20));
    }

    @Test
    void aClientThatAsksForDataAndNeverReadsIsNotAnsweredAnyFurther() {
        try (SmallServer server = start();
                RawClient writer = RawClient.session(server.port)) {
            writer.call(1, new CreateRequest(OpCode.CREATE, "/large", new byte[LARGE], Acl.OPEN, 0));
            RawClient greedy = RawClient.session(server.bindTls(rules), clients);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 1; i <= 2_000; i++) {
                        greedy.send(i, new GetDataRequest("/large", false));
                    }
                } catch (UncheckedIOException e) {
                    // Closed: the test is over.
                }
            });
            await().until(() -> server.bufferedBytes() > LARGE);
            for (int i = 0; i < 50; i++) {
                assertThat(writer.call(7, new GetDataRequest("/", false))
                                .header()
                                .error())
                        .isZero();
                assertThat(server.bufferedBytes()).isLessThan(3L << 20);
            }
            assertThat(server.cutOffConnections()).isZero();
            greedy.close();
            sending.join();
            await().until(() -> server.bufferedBytes() == 0);
        }
    }

    @Test
    void aWatcherThatTakesNoEventsIsCutOffAtOnce() {
        try (SmallServer server = start();
                RawClient writer = RawClient.session(server.port);
                RawClient watcher = RawClient.session(server.bindTls(rules), clients)) {
            watcher.call(1, new AddWatchRequest("/", 1));
            String path = "/" + "x".repeat(100_000);
            writer.call(1, new CreateRequest(OpCode.CREATE, path, null, Acl.OPEN, 0));
            int writes = 0;
            while (server.cutOffConnections() == 0 && writes < 1_000) {
                writer.call(2, new SetDataRequest(path, null, -1));
                assertThat(server.bufferedBytes()).isLessThan(3L << 20);
                writes++;
            }
            assertThat(server.cutOffConnections()).isEqualTo(1);
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.bufferedBytes()).isLessThan(LARGE);
        }
    }
}
