package io.coord.spring.autoconfigure.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.cache.CoordCache;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.ReadWriteLock;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.FailureText;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.InstanceId;
import io.coord.spring.discovery.ServiceInstanceCustomizer;
import io.coord.spring.leader.LeaderElections;
import io.coord.spring.lock.NamedLocks;
import io.coord.spring.watch.NodeCaches;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class CoordRecipesAutoConfigurationTest {

    private EmbeddedServer server;
    private ApplicationContextRunner runner;

    @BeforeEach
    void startServer() {
        server = EmbeddedServer.builder().port(0).start();
        runner = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class))
                .withPropertyValues(
                        "coord.connect-string=" + server.connectString(), "coord.discovery.deregister-delay=0");
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void locksOfTheRegistryShowTheInstanceThatHoldsThem() {
        runner.withPropertyValues("coord.discovery.instance-id=shop-1").run(context -> {
            ReadWriteLock lock = context.getBean(NamedLocks.class).readWriteLock("stock", "a/b");
            assertThat(lock.path()).isEqualTo("/coord/locks/stock/a%2Fb");
            try (Lease lease = lock.writeLock().acquire()) {
                assertThat(lock.participants()).singleElement().satisfies(holder -> {
                    assertThat(holder.path()).isEqualTo(lease.path());
                    assertThat(holder.holder().orElseThrow().purpose()).isEqualTo("shop-1");
                });
            }
        });
    }

    @Test
    void rootsAreConfigurable() {
        runner.withPropertyValues("coord.lock.root=/l", "coord.leader.root=/e", "coord.discovery.root=/s")
                .withPropertyValues("coord.discovery.name=shop", "coord.discovery.port=80")
                .run(context -> {
                    assertThat(context.getBean(NamedLocks.class)
                                    .readWriteLock("a")
                                    .path())
                            .isEqualTo("/l/a");
                    assertThat(context.getBean(LeaderElections.class).latch("b").path())
                            .isEqualTo("/e/b");
                    CoordClient client = context.getBean(CoordClient.class);
                    await().until(() -> client.checkExists().forPath("/s/shop") != null);
                });
    }

    @Test
    void candidatesThatAreBeansContendUntilTheContextCloses() {
        runner.withUserConfiguration(Candidate.class).run(first -> {
            LeaderLatch leader = first.getBean(LeaderLatch.class);
            assertThat(leader.await(Duration.ofSeconds(10))).isTrue();
            assertThat(leader.id()).isEqualTo(first.getBean(InstanceId.class).value());
            runner.withUserConfiguration(Candidate.class).run(second -> {
                LeaderLatch next = second.getBean(LeaderLatch.class);
                await().until(() -> next.participants().size() == 2);
                assertThat(next.isLeader()).isFalse();
                first.close();
                assertThat(next.await(Duration.ofSeconds(10))).isTrue();
            });
        });
    }

    @Test
    void aCandidateThatTheApplicationStartedIsLeftAlone() {
        runner.withUserConfiguration(StartedCandidate.class)
                .run(context -> assertThat(
                                context.getBean("started", LeaderLatch.class).await(Duration.ofSeconds(10)))
                        .isTrue());
    }

    @Test
    void cachesThatAreBeansFillThemselves() {
        runner.withUserConfiguration(Cache.class).run(context -> {
            CoordCache cache = context.getBean(CoordCache.class);
            assertThat(cache.awaitInitialized(Duration.ofSeconds(10))).isTrue();
            context.getBean(CoordClient.class).create().forPath("/config", "blue".getBytes(StandardCharsets.UTF_8));
            await().untilAsserted(() -> assertThat(cache.get())
                    .hasValueSatisfying(node -> assertThat(node.text()).isEqualTo("blue")));
        });
    }

    @Test
    void recipesStartAfterTheWebServerAndStopBeforeItDrains() {
        runner.run(context -> {
            assertThat(context.getBean(RecipeBeansLifecycle.class).getPhase()).isEqualTo(Integer.MAX_VALUE - 1000);
            assertThat(context.getBean(RegistrationLifecycle.class).getPhase()).isEqualTo(Integer.MAX_VALUE);
            assertThat(context.getBean(RecipeBeansLifecycle.class).isPauseable())
                    .isFalse();
            assertThat(context.getBean(RegistrationLifecycle.class).isPauseable())
                    .isFalse();
        });
    }

    @Test
    void registersTheApplicationUnderItsNameAndShowsItInTheDirectory() {
        runner.withPropertyValues(
                        "spring.application.name=shop",
                        "coord.discovery.instance-id=shop-1",
                        "coord.discovery.host=shop.example.org",
                        "coord.discovery.port=8080",
                        "coord.discovery.metadata.zone=a")
                .run(context -> {
                    ServiceInstance<InstanceDetails> instance = awaitInstance(context.getBean(directory()), "shop");
                    assertThat(instance.id()).isEqualTo("shop-1");
                    assertThat(instance.address()).isEqualTo("shop.example.org");
                    assertThat(instance.port()).isEqualTo(8080);
                    assertThat(instance.payload())
                            .isEqualTo(new InstanceDetails("shop-1", "shop", Map.of("zone", "a")));
                    assertThat(context.getBean(CoordClient.class).getData().forPath("/services/shop/shop-1"))
                            .asString()
                            .contains("\"@class\":\"org.springframework.cloud.zookeeper.discovery.ZookeeperInstance\"");
                });
    }

    @Test
    void customizersChangeTheRegistration() {
        runner.withPropertyValues("spring.application.name=shop", "coord.discovery.port=8080")
                .withBean(ServiceInstanceCustomizer.class, () -> instance -> instance.sslPort(8443))
                .run(context -> assertThat(awaitInstance(context.getBean(directory()), "shop")
                                .sslPort())
                        .isEqualTo(8443));
    }

    @Test
    void deregistersWhenTheContextCloses() {
        runner.run(watching -> {
            ServiceDirectory<InstanceDetails> services = watching.getBean(directory());
            runner.withPropertyValues("spring.application.name=shop", "coord.discovery.port=8080")
                    .run(context -> awaitInstance(services, "shop"));
            await().untilAsserted(() -> assertThat(services.instances("shop")).isEmpty());
        });
    }

    @Test
    void saysThatItDoesNotRegisterWithoutAName(CapturedOutput output) {
        runner.withPropertyValues("coord.discovery.port=8080").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).contains("not registered as a service", "spring.application.name");
        });
    }

    @Test
    void saysThatItDoesNotRegisterWithoutAPort(CapturedOutput output) {
        runner.withPropertyValues("spring.application.name=shop").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).contains("not registered as a service", "coord.discovery.port");
        });
    }

    @Test
    void doesNotRegisterAWebServerThatListensNowhere(CapturedOutput output) {
        runner.withPropertyValues("spring.application.name=shop", "local.server.port=-1")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).contains("not registered as a service", "coord.discovery.port");
                });
    }

    @Test
    void anApplicationNameThatCannotBeRegisteredIsExplained() {
        runner.withPropertyValues("spring.application.name=shop/eu", "coord.discovery.port=8080")
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(FailureText.of(context.getStartupFailure()))
                            .contains("spring.application.name", "shop/eu", "slash", "coord.discovery.name");
                });
        runner.withPropertyValues(
                        "spring.application.name=shop/eu", "coord.discovery.name=shop-eu", "coord.discovery.port=8080")
                .run(context -> awaitInstance(context.getBean(directory()), "shop-eu"));
    }

    @Test
    void registrationCanBeSwitchedOffWhileTheDirectoryStays(CapturedOutput output) {
        runner.withPropertyValues("coord.discovery.register=false").run(context -> {
            assertThat(context).hasSingleBean(ServiceDirectory.class);
            assertThat(output).doesNotContain("not registered");
        });
    }

    @Test
    void discoveryCanBeSwitchedOff() {
        runner.withPropertyValues("coord.discovery.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(ServiceDirectory.class)
                        .doesNotHaveBean(RegistrationLifecycle.class));
    }

    @Test
    void closesInTimeWhenTheServersAreGone() {
        runner.withPropertyValues(
                        "spring.application.name=shop", "coord.discovery.port=8080", "coord.request-timeout=500ms")
                .run(context -> {
                    awaitInstance(context.getBean(directory()), "shop");
                    server.close();
                });
    }

    @Test
    void needsTheRecipesOnTheClasspath() {
        runner.withClassLoader(new FilteredClassLoader("io.coord.recipes"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("readWriteLocks"));
    }

    @SuppressWarnings("unchecked")
    private static Class<ServiceDirectory<InstanceDetails>> directory() {
        return (Class<ServiceDirectory<InstanceDetails>>) (Class<?>) ServiceDirectory.class;
    }

    private static ServiceInstance<InstanceDetails> awaitInstance(
            ServiceDirectory<InstanceDetails> services, String name) {
        await().untilAsserted(() -> assertThat(services.instances(name)).hasSize(1));
        return services.instances(name).get(0);
    }

    @Configuration(proxyBeanMethods = false)
    static class Candidate {
        @Bean
        LeaderLatch restock(LeaderElections elections) {
            return elections.latch("restock");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class StartedCandidate {
        @Bean
        LeaderLatch started(LeaderElections elections) {
            return elections.latch("restock").start();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Cache {
        @Bean
        CoordCache config(NodeCaches caches) {
            return caches.node("/config").build();
        }
    }
}
