package io.coord.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.discovery.InstanceRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationAutoConfiguration;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** When Coord takes part in Spring Cloud, and what an application sees whose servers are away. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class CloudAutoConfigurationsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /** No server is there, and of Spring Cloud only what Coord brings. */
    private static final ApplicationContextRunner BARE = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    CoordAutoConfiguration.class,
                    CoordRecipesAutoConfiguration.class,
                    CoordDiscoveryClientAutoConfiguration.class,
                    CoordServiceRegistryAutoConfiguration.class,
                    CoordLoadBalancerAutoConfiguration.class))
            .withPropertyValues(
                    "coord.connect-string=127.0.0.1:1",
                    "coord.request-timeout=100ms",
                    "coord.discovery.deregister-delay=0",
                    "coord.discovery.port=80",
                    "coord.discovery.host=127.0.0.1",
                    "coord.discovery.instance-id=shop-1");

    private static final ApplicationContextRunner ALONE = BARE.withConfiguration(
            AutoConfigurations.of(AutoServiceRegistrationAutoConfiguration.class, LoadBalancerAutoConfiguration.class));

    private static EmbeddedServer server;

    @BeforeAll
    static void startServer() {
        server = EmbeddedServer.builder().port(0).start();
    }

    @AfterAll
    static void closeServer() {
        server.close();
    }

    private static ApplicationContextRunner connected(String application) {
        return connected(server, application);
    }

    private static ApplicationContextRunner connected(EmbeddedServer to, String application) {
        return ALONE.withPropertyValues(
                "coord.connect-string=" + to.connectString(),
                "coord.request-timeout=10s",
                "spring.application.name=" + application);
    }

    @Test
    void takesPartInAllOfSpringCloud() {
        ALONE.run(context -> assertThat(context)
                .hasSingleBean(CoordDiscoveryClient.class)
                .hasSingleBean(CoordReactiveDiscoveryClient.class)
                .hasSingleBean(CoordDiscoveryHealthIndicator.class)
                .hasSingleBean(CoordServiceRegistry.class)
                .hasSingleBean(CoordRegistration.class)
                .hasSingleBean(AutoServiceRegistration.class)
                .hasSingleBean(ServiceChanges.class));
    }

    @Test
    void anApplicationWithoutSpringCloudHasTheDirectoryOnly() {
        BARE.withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(ServiceDirectory.class)
                        .hasSingleBean(InstanceRegistry.class)
                        .doesNotHaveBean("coordDiscoveryClient")
                        .doesNotHaveBean("coordServiceRegistry")
                        .doesNotHaveBean("coordServiceChanges"));
    }

    @Test
    void withoutLoadBalancerReactorAndHealthThereIsTheDiscoveryClient() {
        BARE.withClassLoader(new FilteredClassLoader(
                        "org.springframework.cloud.loadbalancer", "reactor", "org.springframework.boot.health"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(DiscoveryClient.class)
                        .hasSingleBean(ServiceRegistry.class)
                        .doesNotHaveBean("coordReactiveDiscoveryClient")
                        .doesNotHaveBean("coordDiscoveryHealthIndicator")
                        .doesNotHaveBean("coordServiceChanges"));
    }

    @Test
    void switchesOfSpringCloudAreObeyed() {
        ALONE.withPropertyValues("spring.cloud.discovery.blocking.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(CoordDiscoveryClient.class)
                        .hasSingleBean(CoordReactiveDiscoveryClient.class));
        ALONE.withPropertyValues("spring.cloud.discovery.reactive.enabled=false")
                .run(context -> assertThat(context)
                        .hasSingleBean(CoordDiscoveryClient.class)
                        .doesNotHaveBean(CoordReactiveDiscoveryClient.class));
        ALONE.withPropertyValues("spring.cloud.discovery.client.health-indicator.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(CoordDiscoveryHealthIndicator.class));
        ALONE.withPropertyValues("coord.discovery.enabled=false", "coord.discovery.order=3")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(DiscoveryClient.class)
                        .doesNotHaveBean(ServiceRegistry.class)
                        .doesNotHaveBean(ServiceChanges.class));
    }

    @Test
    void theDiscoveryClientHasItsPlaceAmongOthers() {
        ALONE.withPropertyValues("coord.discovery.order=3").run(context -> {
            assertThat(context.getBean(CoordDiscoveryClient.class).getOrder()).isEqualTo(3);
            assertThat(context.getBean(CoordReactiveDiscoveryClient.class).getOrder())
                    .isEqualTo(3);
        });
    }

    @Test
    void theLoadBalancerCanBeLeftToSpringCloud() {
        ALONE.withPropertyValues("coord.discovery.load-balancer.enabled=false").run(context -> {
            assertThat(context).doesNotHaveBean(ServiceChanges.class);
            assertThat(supplier(context, "cart").getClass().getName()).doesNotContain("Coord");
        });
        ALONE.withPropertyValues("spring.cloud.loadbalancer.configurations=health-check")
                .run(context -> assertThat(context.getBean(LoadBalancerClientFactory.class)
                                .getInstance("cart", ServiceInstanceListSupplier.class))
                        .as("needs a WebClient, RestClient or RestTemplate, which this application has not")
                        .isNull());
        ALONE.run(
                context -> assertThat(supplier(context, "cart")).isInstanceOf(CoordServiceInstanceListSupplier.class));
    }

    private static ServiceInstanceListSupplier supplier(ApplicationContext context, String service) {
        return context.getBean(LoadBalancerClientFactory.class).getInstance(service, ServiceInstanceListSupplier.class);
    }

    @Test
    void registersItselfOnceUnlessToldNotTo(CapturedOutput output) {
        connected("auto").run(context -> {
            awaitRegistered(context, "auto");
            assertThat(context.getBean(CoordClient.class).getChildren().forPath("/services/auto"))
                    .containsExactly("shop-1");
        });
        for (String key : new String[] {
            "spring.cloud.discovery.enabled",
            "spring.cloud.service-registry.enabled",
            "spring.cloud.service-registry.auto-registration.enabled"
        }) {
            connected("manual").withPropertyValues(key + "=false").run(context -> {
                assertThat(context).hasNotFailed();
                assertThat(output).contains("because '" + key + "' is false");
                assertThat(context.getBean(InstanceRegistry.class).find("manual", "shop-1"))
                        .isEmpty();
            });
        }
    }

    @Test
    void whatIsNotRegisteredByItselfCanBeRegisteredByHand() {
        connected("by-hand")
                .withPropertyValues("spring.cloud.service-registry.auto-registration.enabled=false")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(AutoServiceRegistration.class);
                    CoordRegistration self = context.getBean(CoordRegistration.class);
                    CoordServiceRegistry registry = context.getBean(CoordServiceRegistry.class);
                    registry.setStatus(self, "OUT_OF_SERVICE");
                    assertThat(context.getBean(InstanceRegistry.class).find("by-hand", "shop-1"))
                            .as("a status registers nobody")
                            .isEmpty();
                    registry.register(self);
                    awaitRegistered(context, "by-hand");
                    assertThat(registry.<String>getStatus(self)).isEqualTo("OUT_OF_SERVICE");
                    assertThat(context.getBean(CoordClient.class).getData().forPath("/services/by-hand/shop-1"))
                            .asString()
                            .contains("OUT_OF_SERVICE");
                    context.close();
                    assertThatThrownBy(() -> registry.register(self)).isInstanceOf(IllegalStateException.class);
                });
    }

    @Test
    void anApplicationThatRegistersElsewhereDoesNotRegisterHereAsWell(CapturedOutput output) {
        ApplicationContextRunner other = connected("elsewhere").withUserConfiguration(OtherRegistry.class);
        other.run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .doesNotHaveBean(CoordServiceRegistry.class)
                    .doesNotHaveBean(CoordRegistration.class)
                    .hasSingleBean(AutoServiceRegistration.class);
            assertThat(output).contains("OtherAutoRegistration registers it elsewhere");
            assertThat(context.getBean(InstanceRegistry.class).find("elsewhere", "shop-1"))
                    .isEmpty();
        });
        other.withPropertyValues("coord.discovery.register=true").run(context -> awaitRegistered(context, "elsewhere"));
    }

    @Test
    void aRequiredAutoRegistrationIsThere() {
        ALONE.withPropertyValues("spring.cloud.service-registry.auto-registration.fail-fast=true")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void anApplicationWithoutANameCannotBeRegisteredByHand() {
        ALONE.run(context -> {
            CoordRegistration self = context.getBean(CoordRegistration.class);
            assertThat(self.getServiceId()).isEmpty();
            assertThatThrownBy(() -> context.getBean(CoordServiceRegistry.class).register(self))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("spring.application.name");
        });
    }

    @Test
    void portTemplateAndStatusOfTheRegistrationAreConfigurable() {
        connected("configured")
                .withPropertyValues(
                        "coord.discovery.ssl-port=443",
                        "coord.discovery.uri-spec={scheme}://{address}:{ssl-port}/shop",
                        "coord.discovery.initial-status=OUT_OF_SERVICE")
                .run(context -> {
                    awaitRegistered(context, "configured");
                    ServiceInstance instance = context.getBean(CoordDiscoveryClient.class)
                            .getInstances("configured")
                            .get(0);
                    assertThat(instance.getUri()).hasToString("https://127.0.0.1:443/shop");
                    assertThat(instance.getMetadata()).containsEntry("instance_status", "OUT_OF_SERVICE");
                    assertThat(supplier(context, "configured").get().blockFirst(DEADLINE))
                            .isEmpty();
                });
        connected("configured")
                .withPropertyValues("coord.discovery.uri-spec={scheme")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("coord.discovery.uri-spec"));
    }

    @Test
    void withoutServersFromTheStartNothingIsKnownAndNobodyWaitsForLong() {
        ALONE.run(context -> {
            CoordDiscoveryClient discovery = context.getBean(CoordDiscoveryClient.class);
            assertThat(discovery.getInstances("shop")).isEmpty();
            assertThat(context.getBean(CoordReactiveDiscoveryClient.class)
                            .getInstances("shop")
                            .collectList()
                            .block(DEADLINE))
                    .isEmpty();
            assertThat(supplier(context, "shop").get().blockFirst(DEADLINE)).isEmpty();
            assertThat(context.getBean(KnownServices.class).filledAsync().toCompletableFuture())
                    .as("nobody waits any more")
                    .isCompletedWithValue(false);
            assertThatThrownBy(discovery::probe).isInstanceOf(IllegalStateException.class);
            assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
        });
    }

    @Test
    void answersWithWhatWasKnownLastWhileTheServersAreAwayAndSaysSo() {
        EmbeddedServer lost = EmbeddedServer.builder().port(0).start();
        connected(lost, "lost").withPropertyValues("coord.request-timeout=1s").run(context -> {
            awaitRegistered(context, "lost");
            CoordDiscoveryClient discovery = context.getBean(CoordDiscoveryClient.class);
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
            assertThat(health(context).getDetails()).containsEntry("inSync", true);
            lost.close();
            await().atMost(DEADLINE)
                    .untilAsserted(
                            () -> assertThat(health(context).getDetails()).containsEntry("inSync", false));
            assertThat(health(context).getStatus().getDescription()).contains("known last");
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
            assertThat(discovery.getInstances("lost")).hasSize(1);
            assertThat(discovery.getServices()).containsExactly("lost");
            discovery.probe();
            assertThat(supplier(context, "lost").get().blockFirst(DEADLINE)).hasSize(1);
        });
    }

    private static Health health(ApplicationContext context) {
        return context.getBean(CoordDiscoveryHealthIndicator.class).health();
    }

    private static void awaitRegistered(ApplicationContext context, String service) {
        CoordDiscoveryClient discovery = context.getBean(CoordDiscoveryClient.class);
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(discovery.getInstances(service)).hasSize(1));
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherRegistry {

        @Bean
        OtherAutoRegistration otherAutoRegistration() {
            return new OtherAutoRegistration();
        }

        @Bean
        OtherServiceRegistry otherServiceRegistry() {
            return new OtherServiceRegistry();
        }
    }

    static class OtherAutoRegistration implements AutoServiceRegistration {}

    /** Of another product. */
    static class OtherServiceRegistry implements ServiceRegistry<Registration> {

        @Override
        public void register(Registration registration) {}

        @Override
        public void deregister(Registration registration) {}

        @Override
        public void close() {}

        @Override
        public void setStatus(Registration registration, String status) {}

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // As in the interface.
        public <T> T getStatus(Registration registration) {
            return null;
        }
    }
}
