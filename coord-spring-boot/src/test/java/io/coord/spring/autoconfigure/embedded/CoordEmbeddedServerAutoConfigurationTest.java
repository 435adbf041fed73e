package io.coord.spring.autoconfigure.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.coord.client.CoordClient;
import io.coord.client.session.SessionState;
import io.coord.server.AuthenticationConfig;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordConnectionDetails;
import io.coord.spring.autoconfigure.CoordMode;
import io.coord.spring.autoconfigure.CoordServers;
import io.coord.spring.autoconfigure.FailureText;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;

@ExtendWith(OutputCaptureExtension.class)
class CoordEmbeddedServerAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(CoordAutoConfiguration.class, CoordEmbeddedServerAutoConfiguration.class));

    @Test
    void startsAServerInThisProcessWhenNothingSaysOtherwise(CapturedOutput output) {
        runner.run(context -> {
            assertThat(context.getBean(CoordServers.class).mode()).isEqualTo(CoordMode.EMBEDDED);
            CoordClient client = context.getBean(CoordClient.class);
            client.create().forPath("/works", "yes".getBytes(StandardCharsets.UTF_8));
            assertThat(client.getData().forPath("/works")).asString().isEqualTo("yes");
            assertThat(output.getOut().lines().filter(line -> line.contains("Coord uses servers")))
                    .singleElement()
                    .asString()
                    .contains("in this process, because neither coord.mode nor coord.connect-string is set");
        });
    }

    @Test
    void withoutAPortOnlyThisProcessReachesTheServer() {
        runner.run(context -> assertThatIllegalStateException()
                .isThrownBy(() -> context.getBean(EmbeddedServer.class).port())
                .withMessageContaining("port"));
    }

    @Test
    void withAPortOtherClientsReachTheServer() {
        runner.withPropertyValues("coord.server.port=0").run(context -> {
            EmbeddedServer server = context.getBean(EmbeddedServer.class);
            context.getBean(CoordClient.class).create().forPath("/shared");
            try (CoordClient other = CoordClient.builder()
                    .connectString(server.connectString())
                    .build()
                    .start()) {
                assertThat(other.checkExists().forPath("/shared")).isNotNull();
            }
        });
    }

    @Test
    void dataDirectorySurvivesTheApplication(@TempDir Path directory) {
        ApplicationContextRunner durable = runner.withPropertyValues("coord.server.data-dir=" + directory);
        durable.run(context -> context.getBean(CoordClient.class).create().forPath("/kept"));
        durable.run(context -> assertThat(
                        context.getBean(CoordClient.class).checkExists().forPath("/kept"))
                .isNotNull());
    }

    @Test
    void settingsReachTheServer() {
        runner.withPropertyValues(
                        "coord.server.tick-time=100ms",
                        "coord.server.fsync=false",
                        "coord.server.min-session-timeout=1s",
                        "coord.server.max-session-timeout=3s",
                        "coord.server.container-check-interval=5s",
                        "coord.server.container-max-never-used=10m",
                        "coord.server.max-client-connections=7",
                        "coord.server.max-request-size=2MB",
                        "coord.server.max-response-size=4MB",
                        "coord.server.snapshot-after-writes=1000",
                        "coord.server.snapshot-after-quiet=0",
                        "coord.server.retained-snapshots=5",
                        "coord.server.max-connections=90",
                        "coord.server.enforce-quota=true",
                        "coord.server.audit=true",
                        "coord.server.auth.skip-acl=true",
                        "coord.server.auth.digest-enabled=false",
                        "coord.server.auth.digest-algorithm=SHA-256",
                        "coord.server.auth.super-digest=super:hash",
                        "coord.server.auth.x509-super-user=CN=admin",
                        "coord.server.auth.sasl-users.alice=secret",
                        "coord.server.auth.sasl-super-users=alice",
                        "coord.server.log-segment-size=1MB")
                .run(context -> {
                    var config = context.getBean(EmbeddedServer.class).config();
                    assertThat(config.tickTime()).isEqualTo(Duration.ofMillis(100));
                    assertThat(config.fsync()).isFalse();
                    assertThat(config.minSessionTimeout()).isEqualTo(Duration.ofSeconds(1));
                    assertThat(config.maxSessionTimeout()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(config.containerCheckInterval()).isEqualTo(Duration.ofSeconds(5));
                    assertThat(config.containerMaxNeverUsed()).isEqualTo(Duration.ofMinutes(10));
                    assertThat(config.maxClientConnections()).isEqualTo(7);
                    assertThat(config.maxFrameBytes()).isEqualTo(2 << 20);
                    assertThat(config.maxResponseBytes()).isEqualTo(4 << 20);
                    assertThat(config.snapshotAfterWrites()).isEqualTo(1000);
                    assertThat(config.snapshotAfterQuiet()).isZero();
                    assertThat(config.logSegmentBytes()).isEqualTo(1 << 20);
                    assertThat(config.retainedSnapshots()).isEqualTo(5);
                    assertThat(config.maxConnections()).isEqualTo(90);
                    assertThat(config.enforceQuota()).isTrue();
                    assertThat(config.admin().audit()).isTrue();
                    assertThat(config.authentication())
                            .isEqualTo(new AuthenticationConfig(
                                    false,
                                    "SHA-256",
                                    "super:hash",
                                    "CN=admin",
                                    Map.of("alice", "secret"),
                                    Set.of("alice"),
                                    Set.of(),
                                    true));
                });
    }

    @Test
    void serverStartsBeforeTheClientAndClosesAfterIt() {
        CoordClient[] client = new CoordClient[1];
        EmbeddedServer[] server = new EmbeddedServer[1];
        runner.run(context -> {
            client[0] = context.getBean(CoordClient.class);
            server[0] = context.getBean(EmbeddedServer.class);
            assertThat(client[0].blockUntilConnected(Duration.ofSeconds(10))).isTrue();
        });
        assertThat(client[0].state()).isEqualTo(SessionState.CLOSED);
        // The session was closed in good order: the server was still there to hear of it.
        assertThat(server[0].status().sessions()).isZero();
    }

    @Test
    void startupFailIsContentWithTheServerOfThisProcess() {
        runner.withPropertyValues("coord.startup=fail")
                .run(context ->
                        assertThat(context.getBean(CoordClient.class).state()).isEqualTo(SessionState.CONNECTED));
    }

    @Test
    void portInUseIsExplained() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            runner.withPropertyValues("coord.server.port=" + taken.getLocalPort())
                    .run(context -> {
                        assertThat(context).hasFailed();
                        assertThat(FailureText.of(context.getStartupFailure()))
                                .contains(
                                        "127.0.0.1:" + taken.getLocalPort(),
                                        "coord.server.port",
                                        "coord.connect-string");
                    });
        }
    }

    @Test
    void unusableDataDirectoryIsExplained(@TempDir Path directory) throws Exception {
        Path file = java.nio.file.Files.createFile(directory.resolve("file"));
        runner.withPropertyValues("coord.server.data-dir=" + file).run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure()))
                    .contains(file.toString(), "coord.server.data-dir", "create, read and write");
        });
    }

    @Test
    void aDataDirectoryInUseIsExplained(@TempDir Path directory) {
        ApplicationContextRunner durable = runner.withPropertyValues("coord.server.data-dir=" + directory);
        durable.run(first -> durable.run(second -> {
            assertThat(second).hasFailed();
            assertThat(FailureText.of(second.getStartupFailure()))
                    .contains(directory.toString(), "another directory", "coord.connect-string");
            first.getBean(CoordClient.class).create().forPath("/goes-on");
        }));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, Cannot assign", "no.such.host.invalid, the name of no address"})
    void anAddressThatIsNotOfThisMachineIsExplained(String host, String problem) {
        runner.withPropertyValues("coord.server.port=0", "coord.server.host=" + host)
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(FailureText.of(context.getStartupFailure()))
                            .contains(host, problem, "Set 'coord.server.host'")
                            .doesNotContain("Stop the process");
                });
    }

    @Test
    void twoApplicationsInOneProcessHaveAServerEach() {
        runner.run(first -> runner.run(second -> {
            first.getBean(CoordClient.class).create().forPath("/first");
            assertThat(second.getBean(CoordClient.class).checkExists().forPath("/first"))
                    .isNull();
        }));
    }

    @Test
    void aStartThatFailsLateClosesServerAndClient() {
        AtomicReference<EmbeddedServer> server = new AtomicReference<>();
        AtomicReference<CoordClient> client = new AtomicReference<>();
        runner.withPropertyValues("coord.startup=fail")
                .withBean(SmartLifecycle.class, () -> new FailingLifecycle())
                .withBean(BeanPostProcessor.class, () -> new BeanPostProcessor() {
                    @Override
                    public Object postProcessAfterInitialization(Object bean, String name) {
                        if (bean instanceof EmbeddedServer it) {
                            server.set(it);
                        } else if (bean instanceof CoordClient it) {
                            client.set(it);
                        }
                        return bean;
                    }
                })
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(client.get().state()).isEqualTo(SessionState.CLOSED);
                    assertThat(server.get().status().acceptsWrites()).isFalse();
                    assertThat(server.get().status().sessions())
                            .as("the client left in good order")
                            .isZero();
                });
    }

    @Test
    void connectStringMeansNoServerHere() {
        runner.withPropertyValues("coord.connect-string=127.0.0.1:1")
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddedServer.class));
    }

    @Test
    void connectionDetailsMeanNoServerHere() {
        runner.withBean(CoordConnectionDetails.class, () -> () -> "127.0.0.1:1")
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddedServer.class));
    }

    @Test
    void modeWinsOverTheConnectString() {
        runner.withPropertyValues("coord.mode=embedded", "coord.connect-string=127.0.0.1:1")
                .run(context -> {
                    assertThat(context).hasSingleBean(EmbeddedServer.class);
                    assertThat(context.getBean(CoordClient.class).blockUntilConnected(Duration.ofSeconds(10)))
                            .isTrue();
                });
    }

    @Test
    void usesAServerOfTheApplication() {
        try (EmbeddedServer own = EmbeddedServer.builder().start()) {
            runner.withBean(EmbeddedServer.class, () -> own).run(context -> {
                assertThat(context).doesNotHaveBean(EmbeddedServerLifecycle.class);
                assertThat(context.getBean(CoordClient.class).blockUntilConnected(Duration.ofSeconds(10)))
                        .isTrue();
            });
        }
    }

    @Test
    void aClientOfTheApplicationNeedsNoServerHere() {
        runner.withBean(
                        CoordClient.class,
                        () -> CoordClient.builder().connectString("127.0.0.1:1").build())
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedServer.class));
    }

    @Test
    void disabledMeansNoServer() {
        runner.withPropertyValues("coord.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(EmbeddedServer.class));
    }

    @Test
    void needsTheServerOnTheClasspath() {
        runner.withClassLoader(new FilteredClassLoader(EmbeddedServer.class)).run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure())).contains("coord-server-embedded");
        });
    }

    /** Fails after server and client have started. */
    private static final class FailingLifecycle implements SmartLifecycle {
        @Override
        public void start() {
            throw new IllegalStateException("planted");
        }

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }
}
