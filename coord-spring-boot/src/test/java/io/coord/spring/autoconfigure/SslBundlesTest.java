package io.coord.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.session.ReconnectBackoff;
import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.TlsConfig;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.embedded.CoordEmbeddedServerAutoConfiguration;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.mock.env.MockEnvironment;

/** Real bundles, made of files, on real sockets. */
class SslBundlesTest {

    private static X509Bundle authority;
    private static X509Bundle owner;

    @TempDir
    private Path directory;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class,
                    CoordAutoConfiguration.class,
                    CoordEmbeddedServerAutoConfiguration.class));

    @BeforeAll
    static void issue() throws Exception {
        authority = authority();
        owner = issuedBy(authority, "localhost");
    }

    private static X509Bundle authority() throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static X509Bundle issuedBy(X509Bundle authority, String host) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + host)
                .addSanDnsName(host)
                .buildIssuedBy(authority);
    }

    @BeforeEach
    void write() throws IOException {
        write("ca.crt", authority.getCertificatePEM());
        write("tls.crt", owner.getCertificatePEM());
        write("tls.key", owner.getPrivateKeyPEM());
    }

    private void write(String name, String content) throws IOException {
        Path fresh = Files.writeString(directory.resolve(name + ".new"), content);
        Files.move(fresh, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private String[] bundle(String... more) {
        String prefix = "spring.ssl.bundle.pem.coord.";
        String[] keys = {
            prefix + "reload-on-update=true",
            prefix + "keystore.certificate=file:" + directory.resolve("tls.crt"),
            prefix + "keystore.private-key=file:" + directory.resolve("tls.key"),
            prefix + "truststore.certificate=file:" + directory.resolve("ca.crt"),
            "spring.ssl.bundle.watch.file.quiet-period=100ms"
        };
        String[] all = new String[keys.length + more.length];
        System.arraycopy(keys, 0, all, 0, keys.length);
        System.arraycopy(more, 0, all, keys.length, more.length);
        return all;
    }

    private TlsConfig fromFiles() {
        return TlsConfig.builder()
                .keyStore(StoreFile.pem(directory.resolve("tls.crt"), directory.resolve("tls.key")))
                .trustStore(StoreFile.of(directory.resolve("ca.crt")))
                .build();
    }

    private static CoordClient connect(String host, EmbeddedServer server, TlsConfig tls) {
        return CoordClient.builder()
                .connectString(host + ":" + server.securePort())
                .requestTimeout(Duration.ofSeconds(20))
                .tls(tls)
                .build()
                .start();
    }

    @Test
    void aBundleEncryptsBothEnds() {
        runner.withPropertyValues(bundle("coord.server.ssl.bundle=coord", "coord.server.ssl.port=0"))
                .run(serverContext -> {
                    EmbeddedServer server = serverContext.getBean(EmbeddedServer.class);
                    serverContext
                            .getBean(CoordClient.class)
                            .create()
                            .forPath("/shared", "in process".getBytes(StandardCharsets.UTF_8));
                    runner.withPropertyValues(bundle(
                                    "coord.ssl.bundle=coord",
                                    "coord.connect-string=localhost:" + server.securePort(),
                                    "coord.clients.second.ssl.bundle=coord",
                                    "coord.clients.second.connect-string=localhost:" + server.securePort()))
                            .run(context -> {
                                for (String each : new String[] {"coordClient", "secondCoordClient"}) {
                                    assertThat(context.getBean(each, CoordClient.class)
                                                    .getData()
                                                    .forPath("/shared"))
                                            .asString()
                                            .isEqualTo("in process");
                                }
                            });
                });
    }

    @Test
    void hostNamesAreVerifiedUnlessThatIsSwitchedOff() {
        runner.withPropertyValues(bundle("coord.server.ssl.bundle=coord", "coord.server.ssl.port=0"))
                .run(serverContext -> {
                    String[] byAddress = bundle(
                            "coord.ssl.bundle=coord",
                            "coord.request-timeout=2s",
                            "coord.connect-string=127.0.0.1:"
                                    + serverContext
                                            .getBean(EmbeddedServer.class)
                                            .securePort());
                    runner.withPropertyValues(byAddress)
                            .run(context -> Assertions.assertThatThrownBy(() -> context.getBean(CoordClient.class)
                                            .checkExists()
                                            .forPath("/"))
                                    .isInstanceOf(RequestTimeoutException.class)
                                    .hasMessageContaining("is not for 127.0.0.1 but for localhost"));
                    runner.withPropertyValues(byAddress)
                            .withPropertyValues("coord.ssl.verify-hostname=false", "coord.request-timeout=20s")
                            .run(context -> assertThat(context.getBean(CoordClient.class)
                                            .checkExists()
                                            .forPath("/"))
                                    .isNotNull());
                });
    }

    @Test
    void anUpdateOfTheBundleIsUsedByNewConnections() {
        runner.withPropertyValues(bundle(
                        "coord.server.ssl.bundle=coord",
                        "coord.server.ssl.port-unification=true",
                        "coord.server.ssl.client-auth=want",
                        "coord.server.tick-time=200ms",
                        "coord.server.port=0"))
                .run(context -> {
                    EmbeddedServer server = context.getBean(EmbeddedServer.class);
                    X509Bundle nextAuthority = authority();
                    X509Bundle next = issuedBy(nextAuthority, "localhost");
                    write("tls.crt", next.getCertificatePEM());
                    write("tls.key", next.getPrivateKeyPEM());
                    write("ca.crt", nextAuthority.getCertificatePEM());
                    TlsConfig onlyNext = TlsConfig.builder()
                            .trustStore(StoreFile.of(directory.resolve("ca.crt")))
                            .build();
                    try (CoordClient client = CoordClient.builder()
                            .connectString("localhost:" + server.port())
                            .requestTimeout(Duration.ofSeconds(30))
                            .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(20), Duration.ofMillis(100), 0.5))
                            .tls(onlyNext)
                            .build()
                            .start()) {
                        assertThat(client.checkExists().forPath("/")).isNotNull();
                    }
                });
    }

    @Test
    void aServerWithABundleTurnsStrangersAway() {
        runner.withPropertyValues(bundle("coord.server.ssl.bundle=coord", "coord.server.ssl.port=0"))
                .run(context -> {
                    EmbeddedServer server = context.getBean(EmbeddedServer.class);
                    TlsConfig stranger = TlsConfig.builder()
                            .trustStore(StoreFile.of(directory.resolve("ca.crt")))
                            .build();
                    try (CoordClient known = connect("localhost", server, fromFiles());
                            CoordClient unknown = connect("localhost", server, stranger)) {
                        assertThat(known.checkExists().forPath("/")).isNotNull();
                        await().during(Duration.ofMillis(300))
                                .untilAsserted(
                                        () -> assertThat(unknown.sessionId()).isZero());
                    }
                });
    }

    @Test
    void aBundleIsKnownBeforeThereIsAContextAndUpdatedByIt() {
        runner.withPropertyValues(bundle("coord.server.ssl.bundle=coord", "coord.server.ssl.port=0"))
                .run(serverContext -> {
                    int port = serverContext.getBean(EmbeddedServer.class).securePort();
                    MockEnvironment environment = new MockEnvironment();
                    TestPropertyValues.of(bundle(
                                    "coord.ssl.bundle=coord",
                                    "coord.connect-string=localhost:" + port,
                                    "coord.retry.max=100ms"))
                            .applyTo(environment);
                    Binder binder = Binder.get(environment);
                    CoordProperties properties =
                            binder.bind("coord", CoordProperties.class).get();
                    try (EarlyClient early = EarlyClient.start(properties, binder, builder -> {})) {
                        assertThat(early.awaitConnection(Duration.ofSeconds(20)))
                                .isTrue();
                    }
                    write("stranger.crt", authority().getCertificatePEM());
                    TestPropertyValues.of("spring.ssl.bundle.pem.coord.truststore.certificate=file:"
                                    + directory.resolve("stranger.crt"))
                            .applyTo(environment);
                    try (EarlyClient early = EarlyClient.start(properties, binder, builder -> {})) {
                        assertThat(early.awaitConnection(Duration.ofMillis(300)))
                                .as("with a stranger's authority")
                                .isFalse();
                        SslBundle good = serverContext.getBean(SslBundles.class).getBundle("coord");
                        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry("coord", good);
                        early.follow(bundles);
                        bundles.updateBundle("coord", good);
                        assertThat(early.awaitConnection(Duration.ofSeconds(20)))
                                .isTrue();
                    }
                });
    }

    @Test
    void aBundleThatIsNotThereIsNamed() {
        runner.withPropertyValues(bundle("coord.ssl.bundle=misspelt", "coord.connect-string=localhost:1"))
                .run(context -> assertThat(FailureText.of(context.getStartupFailure()))
                        .contains("coord.ssl.bundle", "misspelt", "[coord]"));
        runner.withPropertyValues(bundle("coord.server.ssl.bundle=misspelt", "coord.server.ssl.port=0"))
                .run(context -> assertThat(FailureText.of(context.getStartupFailure()))
                        .contains("coord.server.ssl.bundle", "misspelt"));
    }

    @Test
    void settingsThatMakeNoServerAreNamed() {
        runner.withPropertyValues("coord.server.ssl.port=0")
                .run(context -> assertThat(FailureText.of(context.getStartupFailure()))
                        .contains("coord.server.ssl.bundle", "It must be set"));
        runner.withPropertyValues(bundle("coord.server.ssl.bundle=coord"))
                .run(context -> assertThat(FailureText.of(context.getStartupFailure()))
                        .contains("coord.server.ssl.bundle", "says where it is used"));
        runner.withPropertyValues(bundle("coord.server.ssl.bundle=coord", "coord.server.ssl.port-unification=true"))
                .run(context -> assertThat(FailureText.of(context.getStartupFailure()))
                        .contains("coord.server.ssl.port-unification", "coord.server.port"));
    }

    @Test
    void aBundleOfTheClientIsNotUsedWithinTheProcess() {
        runner.withPropertyValues(bundle("coord.ssl.bundle=coord"))
                .run(context -> assertThat(
                                context.getBean(CoordClient.class).checkExists().forPath("/"))
                        .isNotNull());
    }
}
