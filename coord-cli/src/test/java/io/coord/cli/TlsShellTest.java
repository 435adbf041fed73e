package io.coord.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.cli.command.ExitCode;
import io.coord.cli.fixture.Authority;
import io.coord.cli.fixture.RealZooKeeper;
import io.coord.cli.fixture.ZooKeeperShell;
import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.StoreFormat;
import io.coord.server.EmbeddedServer;
import io.coord.server.ServerTls;
import io.coord.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Options and files about TLS, with servers that want the shell's certificate. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsShellTest {
    @TempDir
    Path directory;

    private Authority authority;

    @BeforeEach
    void issue() {
        authority = new Authority(directory);
    }

    private EmbeddedServer coord(StoreFile keys) {
        return EmbeddedServer.builder()
                .fourLetterWords("srvr", "mntr")
                .tls(ServerTls.builder()
                        .stores(keys, authority.trust(StoreFormat.PEM))
                        .port(0)
                        .build())
                .start();
    }

    private static OneShot on(String servers, List<String> options, String... words) {
        List<String> all = new ArrayList<>(List.of("-s", servers, "--connect-timeout", "3s"));
        all.addAll(options);
        all.addAll(List.of(words));
        return OneShot.run(all);
    }

    private List<String> options(StoreFormat format) {
        List<String> options = new ArrayList<>();
        add(options, "--tls-key-store", authority.client(format));
        add(options, "--tls-trust-store", authority.trust(format));
        return options;
    }

    private void add(List<String> options, String name, StoreFile store) {
        options.addAll(List.of(name, store.location().toString()));
        if (store.format() != StoreFormat.PEM) {
            options.addAll(
                    List.of(name + "-password-file", authority.passwordFile().toString()));
        }
    }

    @ParameterizedTest
    @EnumSource(StoreFormat.class)
    void optionsNameStoresOfEachFormat(StoreFormat format) {
        try (EmbeddedServer server = coord(authority.server())) {
            String secure = server.secureConnectString();
            assertThat(on(secure, options(format), "create", "/a", "one").lines())
                    .containsExactly("Created /a");
            assertThat(on(secure, options(format), "whoami").lines()).contains("x509: CN=client");
            OneShot status = on(secure, options(format), "status");
            assertThat(status.code()).as(status.err()).isEqualTo(ExitCode.DONE);
            assertThat(status.lines().get(1)).contains("standalone", "OK");
        }
    }

    @Test
    void zooKeepersFileOfClientPropertiesWorksInBothShellsOnBothServers() throws IOException {
        try (EmbeddedServer coord = coord(authority.server());
                RealZooKeeper zooKeeper = RealZooKeeper.startSecure(
                        Files.createDirectory(directory.resolve("zookeeper")),
                        authority.server(),
                        authority.trust(StoreFormat.PEM))) {
            for (String servers : List.of(coord.secureConnectString(), zooKeeper.connectString())) {
                for (StoreFormat format : StoreFormat.values()) {
                    List<String> own = List.of("-client-configuration", clientConfiguration(format));
                    String path = "/" + format;
                    OneShot created = on(servers, own, "create", path, "x", "x509:CN=client:cdrwa");
                    assertThat(created.lines()).as(created.err()).containsExactly("Created " + path);
                    assertThat(on(servers, own, "whoami").lines()).contains("x509: CN=client");
                    assertThat(on(servers, own, "status").code()).isEqualTo(ExitCode.DONE);
                }
                try (ZooKeeperShell shell =
                        new ZooKeeperShell(servers, "-client-configuration", clientConfiguration(StoreFormat.JKS))) {
                    assertThat(shell.run("get /JKS")).anyMatch(line -> line.endsWith("x"));
                }
            }
        }
    }

    private String clientConfiguration(StoreFormat format) {
        return authority
                .clientConfiguration(format, "zookeeper.request.timeout=20000")
                .toString();
    }

    @Test
    void thePrivateKeyMayHaveAFileOfItsOwn() {
        List<String> options = new ArrayList<>();
        add(options, "--tls-trust-store", authority.trust(StoreFormat.PEM));
        authority.client(StoreFormat.PEM);
        options.addAll(
                List.of("--tls-key-store", directory.resolve("client.crt").toString()));
        try (EmbeddedServer server = coord(authority.server())) {
            OneShot without = on(server.secureConnectString(), options, "ls", "/");
            assertThat(without.code()).isEqualTo(ExitCode.USAGE);
            assertThat(without.err()).contains("client.crt", "private key");
            options.addAll(
                    List.of("--tls-private-key", directory.resolve("client.key").toString()));
            assertThat(on(server.secureConnectString(), options, "ls", "/").lines())
                    .containsExactly("[zookeeper]");
        }
    }

    @Test
    void anOptionCountsMoreThanTheFile() throws IOException {
        Path plain = Files.writeString(
                directory.resolve("plain.properties"),
                "zookeeper.ssl.trustStore.location="
                        + authority.trust(StoreFormat.PEM).location() + "\nzookeeper.ssl.hostnameVerification=true\n");
        List<String> options = new ArrayList<>(List.of("--client-configuration", plain.toString()));
        add(options, "--tls-key-store", authority.client(StoreFormat.PKCS12));
        try (EmbeddedServer elsewhere = coord(authority.serverElsewhere());
                TestServer unsecured = TestServer.inMemory()) {
            OneShot refused = on(elsewhere.secureConnectString(), options, "ls", "/");
            assertThat(refused.code()).isEqualTo(ExitCode.CANNOT_CONNECT);
            assertThat(refused.err()).contains("is not for", "elsewhere.example");
            assertThat(on(elsewhere.secureConnectString(), options, "status")
                            .lines()
                            .get(1))
                    .contains("UNREACHABLE")
                    .doesNotContain("OK");
            options.add("--tls-no-hostname-verification");
            assertThat(on(elsewhere.secureConnectString(), options, "ls", "/").lines())
                    .containsExactly("[zookeeper]");
            assertThat(on(elsewhere.secureConnectString(), options, "status")
                            .lines()
                            .get(1))
                    .contains("OK");

            // Without secure=true, and without an option about TLS, nothing is encrypted.
            assertThat(on(unsecured.connectString(), List.of("--client-configuration", plain.toString()), "ls", "/")
                            .lines())
                    .containsExactly("[zookeeper]");
        }
    }

    @Test
    void whatCannotBeUsedIsSaidBeforeAnybodyConnects() throws IOException {
        String keys = authority.client(StoreFormat.PKCS12).location().toString();
        Path wrongPassword = Files.writeString(directory.resolve("wrong"), "battery staple\n");
        refused(
                "there is no file",
                "--tls-trust-store",
                directory.resolve("nowhere.pem").toString());
        refused("password", "--tls-key-store", keys);
        refused(
                "password is wrong",
                "--tls-key-store",
                keys,
                "--tls-key-store-password-file",
                wrongPassword.toString());
        refused("--tls-key-store must say", "--tls-private-key", keys);
        refused("cannot be told from its name", "--tls-trust-store", wrongPassword.toString());
        refused(
                "There is no file",
                "-client-configuration",
                directory.resolve("nowhere").toString());
        refusedFile("zookeeper.ssl.truststore.location is not known", "zookeeper.ssl.truststore.location=x");
        refusedFile("PEM, PKCS12 or JKS", "zookeeper.ssl.keyStore.type=BCFKS", "zookeeper.ssl.keyStore.location=x.pem");
        refusedFile("true or false", "zookeeper.client.secure=yes");
        refusedFile("names code", "zookeeper.ssl.context.supplier.class=a.b.C");
        refusedFile("milliseconds", "zookeeper.request.timeout=soon");
        refusedFile("SSLv2", "zookeeper.client.secure=true", "zookeeper.ssl.enabledProtocols=SSLv2");
    }

    private void refusedFile(String why, String... lines) throws IOException {
        Path file = Files.write(directory.resolve("client.properties"), List.of(lines));
        refused(why, "-client-configuration", file.toString());
    }

    private static void refused(String why, String... options) {
        OneShot outcome = on("127.0.0.1:1", List.of(options), "ls", "/");
        assertThat(outcome.err()).contains(why).doesNotContain("Cannot connect");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void saysWhyNoSecureConnectionIsMade() throws IOException {
        Authority other = new Authority(Files.createDirectory(directory.resolve("other")));
        List<String> stranger = new ArrayList<>();
        add(stranger, "--tls-trust-store", other.trust(StoreFormat.PEM));
        List<String> anonymous = new ArrayList<>();
        add(anonymous, "--tls-trust-store", authority.trust(StoreFormat.PEM));
        try (EmbeddedServer server = coord(authority.server());
                TestServer unsecured = TestServer.inMemory()) {
            String secure = server.secureConnectString();
            String plain = unsecured.connectString();
            // All at once: each tries for as long as it was told to.
            CompletableFuture.allOf(
                            unreachable(secure, stranger, "is signed by another CN=authority"),
                            unreachable(secure, anonymous, "needs a certificate of this client"),
                            unreachable(plain, anonymous, "perhaps its port is not for TLS"),
                            unreachable(secure, List.of(), "or want --tls?"))
                    .join();
        }
    }

    private static CompletableFuture<Void> unreachable(String servers, List<String> options, String why) {
        return CompletableFuture.runAsync(() -> {
            OneShot outcome = on(servers, options, "ls", "/");
            assertThat(outcome.err())
                    .contains("Cannot connect to", "the last attempt failed", why)
                    .doesNotContain("checkExists");
            assertThat(outcome.code()).isEqualTo(ExitCode.CANNOT_CONNECT);
        });
    }
}
