package io.coord.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.client.session.SessionState;
import io.coord.server.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

@ExtendWith(OutputCaptureExtension.class)
class CoordAutoConfigurationTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(CoordAutoConfiguration.class));

    /** Nobody listens there: a port that was free a moment ago. */
    private final String nowhere = nowhere();

    private final ApplicationContextRunner external = runner.withPropertyValues("coord.connect-string=" + nowhere);

    @Test
    void connectStringMeansExternalServersAndOneLineSaysSo(CapturedOutput output) {
        external.run(context -> {
            assertThat(context.getBean(CoordServers.class))
                    .isEqualTo(new CoordServers(CoordMode.EXTERNAL, nowhere, "coord.connect-string is set"));
            assertThat(output.getOut().lines().filter(line -> line.contains("Coord uses servers")))
                    .singleElement()
                    .asString()
                    .contains(nowhere, "because coord.connect-string is set");
        });
    }

    @Test
    void startsWithoutServersByDefault() {
        external.run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void startsTheClientAndClosesItWithTheContext() {
        CoordClient[] client = new CoordClient[1];
        external.run(context -> {
            client[0] = context.getBean(CoordClient.class);
            assertThat(client[0].state()).isEqualTo(SessionState.CONNECTING);
            assertThat(context.getBean(CoordClientLifecycle.class).isRunning()).isTrue();
        });
        assertThat(client[0].state()).isEqualTo(SessionState.CLOSED);
    }

    @Test
    void clientStartsBeforeOthersAndIsNotPaused() {
        external.run(context -> {
            CoordClientLifecycle lifecycle = context.getBean(CoordClientLifecycle.class);
            assertThat(lifecycle.getPhase()).isEqualTo(Integer.MIN_VALUE + 1000);
            assertThat(lifecycle.isPauseable()).isFalse();
        });
    }

    @Test
    void startupFailStopsTheApplicationWithAdvice() {
        external.withPropertyValues("coord.startup=fail", "coord.wait-timeout=50ms")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(FailureText.of(context.getStartupFailure()))
                            .contains(nowhere, "50 ms", "coord.startup", "Action:", "coord.connect-string");
                });
    }

    @Test
    void startupWaitGoesOnWithAWarning(CapturedOutput output) {
        external.withPropertyValues("coord.startup=wait", "coord.wait-timeout=50ms")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).contains("No connection to servers at " + nowhere + " within 50 ms");
                });
    }

    @Test
    void startupFailNoticesThatTheServersRefuseTheCredentials() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start()) {
            ApplicationContextRunner refused = runner.withPropertyValues(
                    "coord.connect-string=" + server.connectString(),
                    "coord.auth[0].scheme=nosuch",
                    "coord.auth[0].username=shop",
                    "coord.auth[0].password=secret");
            refused.withPropertyValues("coord.startup=fail").run(context -> {
                assertThat(context).hasFailed();
                assertThat(FailureText.of(context.getStartupFailure()))
                        .contains(server.connectString(), "credentials", "coord.auth")
                        .doesNotContain("secret");
            });
            refused.withPropertyValues("coord.startup=wait")
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void startupFailNoticesAChrootThatIsNotThere() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start()) {
            ApplicationContextRunner rooted = runner.withPropertyValues(
                    "coord.startup=fail", "coord.connect-string=" + server.connectString() + "/shop");
            rooted.run(context -> {
                assertThat(context).hasFailed();
                assertThat(FailureText.of(context.getStartupFailure()))
                        .contains(server.connectString() + "/shop", "chroot", "coord.namespace");
            });
            runner.withPropertyValues("coord.connect-string=" + server.connectString())
                    .run(context -> context.getBean(CoordClient.class).create().forPath("/shop"));
            rooted.withPropertyValues("coord.namespace=made/later")
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void badConnectStringIsExplained() {
        runner.withPropertyValues("coord.connect-string=zk1:port").run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure()))
                    .contains("zk1:port", "\"port\" is no port", "Action:", "coord.connect-string", "zk1:2181");
        });
    }

    @Test
    void blankConnectStringCountsAsNone() {
        runner.withPropertyValues("coord.connect-string= ").run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure())).contains("inside this application");
        });
    }

    @Test
    void externalModeWithoutAddressesIsExplained() {
        runner.withPropertyValues("coord.mode=external").run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure()))
                    .contains(
                            "coord.mode says so", "nothing says where they are", "Action: Set 'coord.connect-string'");
        });
    }

    @Test
    void embeddedModeWithoutTheServerOnTheClasspathIsExplained() {
        runner.run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure()))
                    .contains("neither coord.mode nor coord.connect-string is set", "coord-server-embedded");
        });
    }

    @Test
    void unknownModeNamesKeyAndValue() {
        runner.withPropertyValues("coord.mode=cluster").run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure())).contains("coord.mode", "cluster", "EMBEDDED");
        });
    }

    @Test
    void connectionDetailsBeanReplacesTheProperty(CapturedOutput output) {
        runner.withBean("details", CoordConnectionDetails.class, () -> () -> nowhere)
                .run(context -> {
                    assertThat(context.getBean(CoordServers.class).addresses()).isEqualTo(nowhere);
                    assertThat(output).contains("because the bean 'details' says where they are");
                });
    }

    @Test
    void customizersAreCalledInOrderAfterTheProperties() {
        external.withUserConfiguration(Customizers.class).run(context -> {
            assertThat(context.getBean(Customizers.class).calls).containsExactly("first", "second");
            assertThat(context.getBean(CoordClient.class).namespace()).isEqualTo("second");
        });
    }

    @Test
    void backsOffForAClientOfTheApplication() {
        external.withUserConfiguration(OwnClient.class).run(context -> {
            assertThat(context).hasSingleBean(CoordClient.class).doesNotHaveBean(CoordClientLifecycle.class);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "off", "FALSE"})
    void disabledMeansNothingIsConfigured(String value) {
        external.withPropertyValues("coord.enabled=" + value)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CoordClient.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "on"})
    void enabledMeansThatThereIsAClient(String value) {
        external.withPropertyValues("coord.enabled=" + value)
                .run(context -> assertThat(context).hasSingleBean(CoordClient.class));
    }

    @Test
    void whatIsNeitherYesNorNoStopsTheStart() {
        external.withPropertyValues("coord.enabled=maybe").run(context -> {
            assertThat(context).hasFailed();
            assertThat(FailureText.of(context.getStartupFailure())).contains("coord.enabled", "maybe");
        });
    }

    @Test
    void aUserOfSaslIsOneForTheServers() {
        try (EmbeddedServer server =
                EmbeddedServer.builder().port(0).saslUser("shop", "secret").start()) {
            ApplicationContextRunner user = runner.withPropertyValues(
                    "coord.connect-string=" + server.connectString(),
                    "coord.startup=fail",
                    "coord.auth[0].scheme=sasl",
                    "coord.auth[0].username=shop");
            user.withPropertyValues("coord.auth[0].password=secret", "coord.acl.default=creator")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        CoordClient client = context.getBean(CoordClient.class);
                        client.create().forPath("/shops");
                        assertThat(client.getACL().forPath("/shops"))
                                .extracting(acl ->
                                        acl.id().scheme() + ":" + acl.id().id())
                                .containsExactly("sasl:shop");
                    });
            user.withPropertyValues("coord.auth[0].password=Not-The-One", "coord.wait-timeout=2s")
                    .run(context -> {
                        assertThat(context).hasFailed();
                        assertThat(FailureText.of(context.getStartupFailure()))
                                .contains("SASL user shop", "coord.auth")
                                .doesNotContain("Not-The-One");
                    });
            user.withPropertyValues(
                            "coord.auth[0].password=secret",
                            "coord.auth[1].scheme=sasl",
                            "coord.auth[1].username=other",
                            "coord.auth[1].password=Not-The-One")
                    .run(context -> {
                        assertThat(context).hasFailed();
                        assertThat(FailureText.of(context.getStartupFailure()))
                                .contains("coord.auth", "one user of SASL")
                                .doesNotContain("Not-The-One");
                    });
        }
    }

    @Test
    void needsTheClientOnTheClasspath() {
        external.withClassLoader(new FilteredClassLoader(CoordClient.class))
                .run(context -> assertThat(context).doesNotHaveBean("coordClient"));
    }

    private static String nowhere() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        final List<String> calls = new CopyOnWriteArrayList<>();

        @Bean
        @Order(2)
        CoordClientCustomizer second() {
            return builder -> {
                calls.add("second");
                builder.namespace("second");
            };
        }

        @Bean
        @Order(1)
        CoordClientCustomizer first() {
            return builder -> {
                calls.add("first");
                builder.namespace("first");
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnClient {

        @Bean
        CoordClient ownClient() {
            return CoordClient.builder().connectString("localhost").build();
        }
    }
}
