package io.coord.spring.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordClientCustomizer;
import io.coord.spring.autoconfigure.embedded.CoordEmbeddedServerAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.leader.LeaderElections;
import io.coord.spring.lock.WriteLock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class CoordMetricsAutoConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    CoordAutoConfiguration.class,
                    CoordEmbeddedServerAutoConfiguration.class,
                    CoordRecipesAutoConfiguration.class,
                    CoordMetricsAutoConfiguration.class))
            .withBean("registry", SimpleMeterRegistry.class, SimpleMeterRegistry::new);

    @Test
    void requestsOfTheClientAreTimed() {
        runner.run(context -> {
            context.getBean(CoordClient.class).create().forPath("/timed");
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            await().untilAsserted(() -> assertThat(registry.get("coord.client.request")
                            .tags("op", "create", "outcome", "success")
                            .timer()
                            .count())
                    .isEqualTo(1));
            assertThat(registry.get("coord.client.request.bytes").summary().count())
                    .isPositive();
        });
    }

    @Test
    void connectionShowsAsOneGaugePerState() {
        runner.withPropertyValues("coord.startup=fail", "coord.discovery.enabled=false")
                .run(context -> {
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    assertThat(registry.get("coord.client.connection")
                                    .tag("state", "connected")
                                    .gauge()
                                    .value())
                            .isEqualTo(1);
                    assertThat(registry.get("coord.client.connection")
                                    .tag("state", "lost")
                                    .gauge()
                                    .value())
                            .isZero();
                    await().untilAsserted(() -> assertThat(
                                    registry.get("coord.client.pending").gauge().value())
                            .as("the call by which the start checked the access is over a moment after its answer")
                            .isZero());
                    assertThat(registry.get("coord.client.watches").gauge().value())
                            .isZero();
                    context.getBean(CoordClient.class)
                            .getData()
                            .usingWatcher(event -> {})
                            .forPath("/");
                    assertThat(registry.get("coord.client.watches").gauge().value())
                            .isEqualTo(1);
                });
    }

    @Test
    void locksOfMethodsAreTimedByTheirDeclaredName() {
        runner.withBean(Shop.class).run(context -> {
            context.getBean(Shop.class).sell("a");
            context.getBean(Shop.class).sell("b");
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("coord.lock.acquire")
                            .tags("lock", "stock", "mode", "write", "outcome", "acquired")
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(registry.get("coord.lock.hold").timer().count()).isEqualTo(2);
        });
    }

    @Test
    void candidatesAndCachesThatAreBeansAreMeasured() {
        runner.withUserConfiguration(RecipeBeans.class).run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            await().untilAsserted(() -> {
                assertThat(registry.get("coord.leader.status")
                                .tag("path", "/coord/leaders/restock")
                                .gauge()
                                .value())
                        .isEqualTo(1);
                assertThat(registry.get("coord.leader.changes").counter().count())
                        .isEqualTo(1);
                assertThat(registry.get("coord.cache.size")
                                .tag("path", "/coord")
                                .gauge()
                                .value())
                        .isPositive();
            });
        });
    }

    @Test
    void instancesOfServicesAreCounted() {
        runner.withPropertyValues("coord.discovery.name=shop", "coord.discovery.port=80")
                .run(context -> await().untilAsserted(() -> assertThat(context.getBean(MeterRegistry.class)
                                .get("coord.discovery.instances")
                                .gauge()
                                .value())
                        .isEqualTo(1)));
    }

    @Test
    void serverInThisProcessIsMeasured() {
        runner.withPropertyValues("coord.startup=fail").run(context -> {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("coord.server.sessions").gauge().value()).isEqualTo(1);
            assertThat(registry.get("coord.server.connections").gauge().value()).isEqualTo(1);
            assertThat(registry.get("coord.server.znodes").gauge().value()).isPositive();
        });
    }

    @Test
    void noServerMetersWithoutAServer() {
        runner.withPropertyValues("coord.connect-string=127.0.0.1:1").run(context -> {
            assertThat(context).doesNotHaveBean(CoordServerMeters.class);
            assertThat(context.getBean(MeterRegistry.class)
                            .find("coord.server.sessions")
                            .gauge())
                    .isNull();
        });
    }

    @Test
    void worksWithoutTheServerOnTheClasspath() {
        runner.withClassLoader(new FilteredClassLoader("io.coord.server"))
                .withPropertyValues("coord.connect-string=127.0.0.1:1")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(CoordClientMeters.class)
                        .doesNotHaveBean(CoordServerMeters.class));
    }

    @Test
    void needsMicrometer() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("coordClientMeters"));
    }

    @Test
    void needsAMeterRegistry() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CoordAutoConfiguration.class, CoordMetricsAutoConfiguration.class))
                .withPropertyValues("coord.connect-string=127.0.0.1:1")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CoordClientCustomizer.class));
    }

    static class Shop {
        @WriteLock(name = "stock", key = "#p0")
        void sell(String item) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class RecipeBeans {
        @Bean
        LeaderLatch restock(LeaderElections elections) {
            return elections.latch("restock");
        }

        @Bean
        CoordCache everything(CoordClient client) {
            return CoordCache.builder(client, "/coord").build();
        }
    }
}
