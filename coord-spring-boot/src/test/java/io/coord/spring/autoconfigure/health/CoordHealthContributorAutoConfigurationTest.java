package io.coord.spring.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.client.error.CoordException;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.embedded.CoordEmbeddedServerAutoConfiguration;
import io.coord.testkit.FaultProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.autoconfigure.OnEndpointElementCondition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class CoordHealthContributorAutoConfigurationTest {

    private static EmbeddedServer server;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(CoordAutoConfiguration.class, CoordHealthContributorAutoConfiguration.class));

    private final ApplicationContextRunner nowhere = runner.withPropertyValues("coord.connect-string=127.0.0.1:1");

    @BeforeAll
    static void startServer() {
        server = EmbeddedServer.builder()
                .port(0)
                .tickTime(Duration.ofMillis(100))
                .minSessionTimeout(Duration.ofMillis(300))
                .start();
    }

    @AfterAll
    static void closeServer() {
        server.close();
    }

    @Test
    void connectedIsUpWithDetails() {
        runner.withPropertyValues("coord.connect-string=" + server.connectString())
                .run(context -> {
                    CoordClient client = context.getBean(CoordClient.class);
                    assertThat(client.blockUntilConnected(Duration.ofSeconds(10)))
                            .isTrue();
                    Health health = awaitHealth(context, it -> it.getStatus().equals(Status.UP));
                    assertThat(health.getDetails())
                            .containsEntry("mode", "external")
                            .containsEntry("servers", server.connectString())
                            .containsEntry("session", "0x" + Long.toHexString(client.sessionId()));
                    assertThat((Instant) health.getDetails().get("since")).isBeforeOrEqualTo(Instant.now());
                });
    }

    @Test
    void suspendedIsUpUntilTheSessionEndsThenDown() {
        try (FaultProxy proxy = FaultProxy.to(server.port())) {
            runner.withPropertyValues("coord.connect-string=127.0.0.1:" + proxy.port(), "coord.session-timeout=2s")
                    .run(context -> {
                        CoordClient client = context.getBean(CoordClient.class);
                        assertThat(client.blockUntilConnected(Duration.ofSeconds(10)))
                                .isTrue();
                        proxy.refuse();
                        proxy.cut();
                        Health suspended =
                                awaitHealth(context, it -> it.getDetails().containsKey("sessionEndsIn"));
                        assertThat(suspended.getStatus()).isEqualTo(Status.UP);
                        awaitHealth(context, it -> it.getStatus().equals(Status.DOWN));
                        proxy.resume();
                        awaitHealth(context, it -> it.getStatus().equals(Status.UP));
                    });
        }
    }

    @Test
    void notYetConnectedIsUnknownWhenTheStartIsLazy() {
        nowhere.run(context -> assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN));
    }

    @Test
    void notYetConnectedIsDownWhenTheStartWaitedForIt() {
        nowhere.withPropertyValues("coord.startup=wait", "coord.wait-timeout=10ms")
                .run(context -> assertThat(health(context).getStatus()).isEqualTo(Status.DOWN));
    }

    @Test
    void tellsOfAServerInThisProcessWhoseLogHasFailed(@TempDir Path directory) throws Exception {
        Path data = directory.resolve("data");
        runner.withConfiguration(AutoConfigurations.of(CoordEmbeddedServerAutoConfiguration.class))
                .withPropertyValues(
                        "coord.server.data-dir=" + data,
                        "coord.server.log-segment-size=4KB",
                        "coord.request-timeout=2s",
                        "coord.startup=fail")
                .run(context -> {
                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                    assertThat(server(health(context))).containsEntry("acceptsWrites", true);
                    CoordClient client = context.getBean(CoordClient.class);
                    client.create().forPath("/written");
                    // The next file of the log has no directory to be made in.
                    Files.move(data, directory.resolve("moved"));
                    assertThatExceptionOfType(CoordException.class).isThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            client.setData().forPath("/written", new byte[1_000]);
                        }
                    });
                    Health failed = awaitHealth(context, it -> it.getStatus().equals(Status.DOWN));
                    assertThat(server(failed)).containsEntry("acceptsWrites", false);
                    assertThat(server(failed).get("problem")).asString().contains(data.toString(), "cannot be written");
                });
    }

    @Test
    void saysNothingOfAServerWithoutTheServerOnTheClasspath() {
        nowhere.withClassLoader(new FilteredClassLoader(EmbeddedServer.class))
                .run(context -> assertThat(health(context).getDetails()).doesNotContainKey("server"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> server(Health health) {
        return (Map<String, Object>) health.getDetails().get("server");
    }

    @Test
    void canBeSwitchedOff() {
        nowhere.withPropertyValues("management.health.coord.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(CoordHealthIndicator.class));
    }

    @Test
    void indicatorOfTheApplicationReplacesIt() {
        nowhere.withBean(
                        "coordHealthIndicator",
                        HealthIndicator.class,
                        () -> () -> Health.up().build())
                .run(context -> assertThat(context).doesNotHaveBean(CoordHealthIndicator.class));
    }

    @Test
    void needsTheHealthModule() {
        nowhere.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("coordHealthIndicator"));
    }

    @Test
    void needsActuator() {
        nowhere.withClassLoader(new FilteredClassLoader(OnEndpointElementCondition.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("coordHealthIndicator"));
    }

    @Test
    void needsAClient() {
        nowhere.withPropertyValues("coord.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CoordHealthIndicator.class));
    }

    private static Health awaitHealth(ApplicationContext context, Predicate<Health> expected) {
        return await().atMost(Duration.ofSeconds(20)).until(() -> health(context), expected);
    }

    private static Health health(ApplicationContext context) {
        Health health = context.getBean(CoordHealthIndicator.class).health();
        assertThat(health).isNotNull();
        return health;
    }
}
