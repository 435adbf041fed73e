package io.coord.spring.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.discovery.InstanceSerializer;
import io.coord.recipes.discovery.ServiceDirectory;
import io.coord.recipes.discovery.ServiceInstance;
import io.coord.recipes.discovery.ServiceRegistration;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Timeout(60)
class ServiceListenersTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private EmbeddedServer server;
    private CoordClient other;
    private ApplicationContextRunner runner;

    @BeforeEach
    void startServer() {
        server = EmbeddedServer.builder().port(0).start();
        other = CoordClient.builder()
                .connectString(server.connectString())
                .build()
                .start();
        runner = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class))
                .withPropertyValues("coord.connect-string=" + server.connectString(), "coord.discovery.register=false");
    }

    @AfterEach
    void closeServer() {
        other.close();
        server.close();
    }

    private ServiceRegistration<InstanceDetails> register(String service, String id, int port) {
        ServiceRegistration<InstanceDetails> registration = new ServiceRegistration<>(
                other,
                "/services",
                ServiceInstance.<InstanceDetails>builder(service)
                        .id(id)
                        .port(port)
                        .payload(new InstanceDetails(id, service, Map.of()))
                        .build(),
                InstanceSerializer.of(InstanceDetails.class));
        registration.start();
        await().atMost(DEADLINE).until(() -> registration.state() == ServiceRegistration.State.REGISTERED);
        return registration;
    }

    private static void awaitTold(List<String> told, String... expected) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(told).containsExactly(expected));
    }

    @Test
    void whoIsThereComesAndGoesIsTold() {
        register("payment", "a", 1);
        register("billing", "x", 9);
        runner.withUserConfiguration(RouterConfiguration.class).run(context -> {
            Router router = context.getBean(Router.class);
            awaitTold(router.changes, "ADDED a:1");
            ServiceRegistration<?> second = register("payment", "b", 2);
            awaitTold(router.changes, "ADDED a:1", "ADDED b:2");
            second.unregisterAsync().toCompletableFuture().join();
            awaitTold(router.changes, "ADDED a:1", "ADDED b:2", "REMOVED b:2");
            assertThat(router.present).first().isEqualTo("[a]");
            assertThat(router.present).last().isEqualTo("[a]");
            await().atMost(DEADLINE)
                    .untilAsserted(() -> assertThat(router.calls).hasSize(4));
            awaitTold(router.removed, "b");
        });
    }

    @Test
    void nothingIsToldBeforeTheContextIsReady() {
        register("payment", "a", 1);
        runner.withUserConfiguration(RouterConfiguration.class, LateConfiguration.class)
                .run(context -> {
                    awaitTold(context.getBean(Router.class).changes, "ADDED a:1");
                    assertThat(context.getBean(Late.class).toldTooEarly).isZero();
                });
    }

    @Test
    void aListenerOfALazyBeanIsToldOfWhoIsThereAndWhoComes() {
        register("payment", "a", 1);
        runner.run(context -> {
            Router late = new Router();
            context.getAutowireCapableBeanFactory().initializeBean(late, "late");
            awaitTold(late.changes, "ADDED a:1");
            register("payment", "b", 2);
            awaitTold(late.changes, "ADDED a:1", "ADDED b:2");
        });
    }

    @Test
    void nothingIsToldAfterTheStop() {
        ServiceRegistration<?> registration = register("payment", "a", 1);
        runner.withUserConfiguration(RouterConfiguration.class).run(context -> {
            Router router = context.getBean(Router.class);
            awaitTold(router.changes, "ADDED a:1");
            context.close();
            registration.unregisterAsync().toCompletableFuture().join();
            assertThat(router.changes).hasSize(1);
        });
    }

    @Test
    void whatCannotWorkStopsTheStart() {
        refused(runner.withUserConfiguration(Parameters.class), "parameters that @ServiceListener does not know");
        refused(runner.withUserConfiguration(BadName.class), "it has a slash");
        refused(runner.withUserConfiguration(NoTypes.class), "never be called");
        refused(
                runner.withUserConfiguration(RouterConfiguration.class)
                        .withPropertyValues("coord.discovery.enabled=false"),
                "no bean of type ServiceDirectory");
    }

    private static void refused(ApplicationContextRunner wrong, String problem) {
        wrong.run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOfSatisfying(InvalidServiceListenerException.class, failure -> {
                    assertThat(failure).hasMessageContaining(problem);
                    assertThat(failure.analysis().getAction()).isNotBlank();
                }));
    }

    @Configuration(proxyBeanMethods = false)
    static class RouterConfiguration {

        @Bean
        Router router() {
            return new Router();
        }
    }

    static class Router {

        final List<String> changes = new CopyOnWriteArrayList<>();
        final List<String> present = new CopyOnWriteArrayList<>();
        final List<String> removed = new CopyOnWriteArrayList<>();
        final List<String> calls = new CopyOnWriteArrayList<>();

        @ServiceListener("${router.to:payment}")
        void onChange(ServiceChange change) {
            changes.add(change.type() + " " + change.instance().id() + ":"
                    + change.instance().port());
        }

        @ServiceListener("payment")
        void onPresent(List<ServiceInstance<InstanceDetails>> instances) {
            present.add(
                    instances.stream().map(each -> each.payload().id()).toList().toString());
        }

        @ServiceListener(service = "payment", types = ServiceChange.Type.REMOVED)
        void onRemoved(ServiceChange change) {
            removed.add(change.instance().id());
        }

        @ServiceListener
        void onAny() {
            calls.add("called");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LateConfiguration {

        @Bean
        Late late(Router router, CoordClient client, ServiceDirectory<?> directory) {
            return new Late(router, client, directory);
        }
    }

    /** Starts last of all, and looks whether something was told before. */
    static class Late implements SmartLifecycle {

        private final Router router;
        private final CoordClient client;
        private final ServiceDirectory<?> directory;
        private volatile boolean running;
        private int toldTooEarly;

        Late(Router router, CoordClient client, ServiceDirectory<?> directory) {
            this.router = router;
            this.client = client;
            this.directory = directory;
        }

        @Override
        public void start() {
            running = true;
            assertThat(directory.awaitInitialized(DEADLINE)).isTrue();
            assertThat(directory.instances("payment")).hasSize(1);
            // Long enough for a listener that would be told of it.
            for (int i = 0; i < 200; i++) {
                client.getData().forPath("/services/payment/a");
            }
            toldTooEarly = router.changes.size();
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }

    static class Parameters {
        @ServiceListener("payment")
        void tell(String instance) {}
    }

    static class BadName {
        @ServiceListener("a/b")
        void tell() {}
    }

    static class NoTypes {
        @ServiceListener(
                value = "payment",
                types = {})
        void tell() {}
    }
}
