package io.coord.spring.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.coord.client.CoordClient;
import io.coord.client.error.NoNodeException;
import io.coord.recipes.leader.Leadership;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseState;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.leader.OnFollower;
import io.coord.spring.leader.OnLeader;
import io.coord.spring.lock.LockLostException;
import io.coord.spring.lock.LockMode;
import io.coord.spring.lock.LockNotAcquiredException;
import io.coord.spring.lock.LockTemplate;
import io.coord.spring.lock.ObservedLock;
import io.coord.spring.lock.OnLost;
import io.coord.spring.lock.WriteLock;
import io.coord.spring.observation.DefaultLockCallConvention;
import io.coord.spring.observation.ObservedLockCall;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** What is observed of locks and roles. */
@Timeout(60)
class CoordObservationTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String CALL = "coord.lock.call";
    private static final String WAIT = "coord.lock.wait";

    private static final TestObservationRegistry registry = TestObservationRegistry.create();
    private static final InMemorySpanExporter spans = InMemorySpanExporter.create();

    private static EmbeddedServer server;
    private static ConfigurableApplicationContext context;

    private final Shop shop = context.getBean(Shop.class);
    private final LockTemplate locks = context.getBean(LockTemplate.class);

    @BeforeAll
    static void startApplication() {
        server = EmbeddedServer.builder().port(0).start();
        SpringApplication application = new SpringApplication(Application.class);
        application.setRegisterShutdownHook(false);
        application.setDefaultProperties(
                Map.of("coord.discovery.register", "false", "spring.main.web-application-type", "none"));
        context = application.run("--coord.connect-string=" + server.connectString());
    }

    @AfterAll
    static void closeApplication() {
        context.close();
        server.close();
    }

    @BeforeEach
    void forget() {
        registry.clear();
        spans.reset();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(DEADLINE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    private static TestObservationRegistryAssert.TestObservationRegistryAssertReturningObservationContextAssert
            observed(String name) {
        return TestObservationRegistryAssert.assertThat(registry)
                .hasNumberOfObservationsWithNameEqualTo(name, 1)
                .hasObservationWithNameEqualTo(name)
                .that();
    }

    @Test
    void aCallIsObservedWithItsWaitAndWhatItDoesBelowTheCaller() throws Exception {
        Observation request = Observation.createNotStarted("request", registry);
        long token = request.observeChecked(() -> shop.sell("tea/green", () -> {
            Observation.start("work", registry).stop();
            return io.coord.spring.lock.Leases.current().orElseThrow().fencingToken();
        }));
        observed(CALL)
                .hasBeenStopped()
                .hasContextualNameEqualTo("lock stock")
                .hasParentObservationEqualTo(request)
                .hasLowCardinalityKeyValue("lock", "stock")
                .hasLowCardinalityKeyValue("mode", "write")
                .hasLowCardinalityKeyValue("outcome", "completed")
                .hasHighCardinalityKeyValue("coord.lock.key", "tea/green")
                .hasHighCardinalityKeyValue("coord.lock.path", "/coord/locks/stock/tea%2Fgreen")
                .hasHighCardinalityKeyValue("coord.fencing.token", Long.toString(token))
                .hasHighCardinalityKeyValue("coord.lock.user", Shop.class.getName() + ".sell(String, Callable)")
                .doesNotHaveError();
        observed(WAIT)
                .hasBeenStopped()
                .hasParentObservationContextMatching(parent -> parent.getName().equals(CALL))
                .hasLowCardinalityKeyValue("outcome", "acquired")
                .hasHighCardinalityKeyValue("coord.lock.key", "tea/green");
        observed("work")
                .hasParentObservationContextMatching(parent -> parent.getName().equals(CALL));
        TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
    }

    @Test
    void aNestedCallUnderTheSameLeaseIsPartOfTheOuterOne() throws Exception {
        shop.sell("a", () -> {
            Observation deeper = Observation.start("deeper", registry);
            try (Observation.Scope scope = deeper.openScope()) {
                assertThat(scope.getCurrentObservation()).isSameAs(deeper);
                return shop.sell("a", () -> {
                    assertThat(registry.getCurrentObservation()).isSameAs(deeper);
                    return "nested";
                });
            } finally {
                deeper.stop();
            }
        });
        observed(CALL).hasBeenStopped();
    }

    @Test
    void aCallThatDoesNotGetItsLockEndsWithItsWait() {
        locks.write("stock").key("b").run(lease -> {
            registry.clear();
            CompletableFuture.runAsync(() -> assertThatExceptionOfType(LockNotAcquiredException.class)
                            .isThrownBy(() -> locks.write("stock")
                                    .key("b")
                                    .waitAtMost(Duration.ZERO)
                                    .run(inner -> null)))
                    .join();
            observed(WAIT)
                    .hasBeenStopped()
                    .hasLowCardinalityKeyValue("outcome", "timeout")
                    .doesNotHaveError();
            observed(CALL)
                    .hasBeenStopped()
                    .hasLowCardinalityKeyValue("outcome", "not_locked")
                    .hasHighCardinalityKeyValue("coord.fencing.token", "none")
                    .doesNotHaveError();
            return null;
        });
    }

    @Test
    void whatTheMethodThrowsIsTheErrorOfTheCall() {
        IllegalStateException failure = new IllegalStateException("sold out");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> shop.sell("c", () -> {
                    throw failure;
                }));
        observed(CALL).hasError(failure).hasLowCardinalityKeyValue("outcome", "completed");
        observed(WAIT).doesNotHaveError();
    }

    @Test
    void aLossShowsInTheCall() {
        assertThatExceptionOfType(LockLostException.class)
                .isThrownBy(() -> locks.write("lost").onLost(OnLost.THROW).run(lease -> {
                    context.getBean(CoordClient.class).delete().forPath(lease.path());
                    await().until(() -> lease.state() == LeaseState.LOST);
                    return null;
                }));
        observed(CALL).hasLowCardinalityKeyValue("outcome", "lost");
        assertThat(spans.getFinishedSpanItems())
                .filteredOn(span -> span.getName().equals("lock lost"))
                .singleElement()
                .satisfies(span -> assertThat(span.getEvents())
                        .singleElement()
                        .satisfies(event -> assertThat(event.getName()).isEqualTo("lock lost")));
    }

    @Test
    void aStageIsObservedUntilItIsComplete() throws Exception {
        Observation request = Observation.start("request", registry);
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> result;
        try (Observation.Scope scope = request.openScope()) {
            assertThat(scope.getCurrentObservation()).isSameAs(request);
            result = shop.later(work);
        }
        observed(CALL).isNotStopped();
        observed(WAIT).hasBeenStopped();
        work.complete("done");
        assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo("done");
        observed(CALL).hasBeenStopped().hasParentObservationEqualTo(request);
        TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
    }

    @Test
    void aMonoIsObservedUntilItEndsBelowWhatItsSubscriberIsPartOf() throws Exception {
        Observation request = Observation.start("request", registry);
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> result = shop.sometime(work)
                .contextWrite(write -> write.put(ObservationThreadLocalAccessor.KEY, request))
                .toFuture();
        await().until(() -> shop.inSequence() != null);
        observed(CALL).isNotStopped().hasParentObservationEqualTo(request);
        observed(WAIT).hasBeenStopped();
        assertThat(shop.inMethod().getContext().getName()).isEqualTo(CALL);
        assertThat(shop.inSequence()).isSameAs(shop.inMethod());
        work.complete("done");
        assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo("done");
        await().untilAsserted(() -> observed(CALL).hasBeenStopped());
        TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
        request.stop();
        assertThat(spans.getFinishedSpanItems())
                .extracting(SpanData::getTraceId)
                .as("one trace")
                .hasSize(3)
                .containsOnly(spans.getFinishedSpanItems().get(0).getTraceId());
    }

    @Test
    void whoCancelsAMonoThatWaitsEndsItsObservation() {
        locks.write("stock").key("never").run(lease -> {
            registry.clear();
            // On this thread the lock is held already.
            CompletableFuture.runAsync(
                            () -> shop.sometimeWithKey("never").subscribe().dispose())
                    .join();
            await().untilAsserted(() -> observed(WAIT)
                    .hasBeenStopped()
                    .hasLowCardinalityKeyValue("outcome", "cancelled")
                    .doesNotHaveError());
            observed(CALL).hasBeenStopped();
            return null;
        });
    }

    @Test
    void aTraceShowsTheWaitForTheLock() throws Exception {
        Observation request = Observation.createNotStarted("request", registry);
        request.observeChecked(() -> shop.sell("d", () -> "sold"));
        List<SpanData> finished = spans.getFinishedSpanItems();
        assertThat(finished)
                .extracting(SpanData::getName)
                .containsExactly("wait for lock stock", "lock stock", "request");
        SpanData wait = finished.get(0);
        SpanData call = finished.get(1);
        assertThat(wait.getParentSpanId()).isEqualTo(call.getSpanId());
        assertThat(call.getParentSpanId()).isEqualTo(finished.get(2).getSpanId());
        assertThat(call.getAttributes().get(AttributeKey.stringKey("coord.lock.key")))
                .isEqualTo("d");
        assertThat(wait.getAttributes().get(AttributeKey.stringKey("outcome"))).isEqualTo("acquired");
        assertThat(wait.getEndEpochNanos()).isLessThanOrEqualTo(call.getEndEpochNanos());
    }

    @Test
    void requestsThatArePartOfWhatIsObservedAreObserved() {
        CoordClient client = context.getBean(CoordClient.class);
        client.checkExists().forPath("/");
        TestObservationRegistryAssert.assertThat(registry)
                .as("nobody's call, and what recipes do by themselves")
                .doesNotHaveAnyObservation();
        Observation request = Observation.createNotStarted("request", registry);
        request.observe(() -> {
            assertThatExceptionOfType(NoNodeException.class)
                    .isThrownBy(() -> client.getData().forPath("/nowhere"));
        });
        // Told on the network thread, and the answer a moment before.
        await().untilAsserted(() -> observed("coord.client.call").hasBeenStopped());
        observed("coord.client.call")
                .hasParentObservationEqualTo(request)
                .hasContextualNameEqualTo("coord getData")
                .hasLowCardinalityKeyValue("op", "getData")
                .hasLowCardinalityKeyValue("outcome", "error")
                .hasHighCardinalityKeyValue("coord.client.path", "/nowhere")
                .hasHighCardinalityKeyValue("coord.client.error", "-101");
        TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyRemainingCurrentObservation();
    }

    @Test
    void metersAndObservationsOfRequestsStandSideBySide() {
        runner().withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        CoordMetricsAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
                .run(started -> {
                    Observation.createNotStarted("request", registry)
                            .observe(() ->
                                    started.getBean(CoordClient.class).sync().forPath("/"));
                    await().untilAsserted(() -> assertThat(started.getBean(MeterRegistry.class)
                                    .get("coord.client.request")
                                    .tags("op", "sync", "outcome", "success")
                                    .timer()
                                    .count())
                            .isEqualTo(1));
                    await().untilAsserted(() -> observed("coord.client.call").hasBeenStopped());
                });
    }

    @Test
    void methodsThatAreToldOfRolesAreObserved() {
        SpringApplication application = new SpringApplication(RoleApplication.class);
        application.setRegisterShutdownHook(false);
        try (ConfigurableApplicationContext leading = application.run(
                "--coord.connect-string=" + server.connectString(),
                "--coord.discovery.register=false",
                "--spring.main.web-application-type=none")) {
            Plan plan = leading.getBean(Plan.class);
            await().until(() -> plan.seen.size() == 1);
            assertThat(plan.seen).containsExactly("coord.leader.listener");
        }
        TestObservationRegistryAssert.assertThat(registry)
                .hasNumberOfObservationsWithNameEqualTo("coord.leader.listener", 2)
                .hasAnObservation(each -> each.hasContextualNameEqualTo("plan granted")
                        .hasLowCardinalityKeyValue("role", "plan")
                        .hasLowCardinalityKeyValue("change", "granted")
                        .hasHighCardinalityKeyValue("coord.leader.generation", "1")
                        .hasHighCardinalityKeyValue("coord.leader.method", Plan.class.getName() + ".lead(Leadership)"))
                .hasAnObservation(each -> each.hasContextualNameEqualTo("plan revoked")
                        .hasError()
                        .thenError()
                        .hasMessage("on purpose"))
                .doesNotHaveAnyRemainingCurrentObservation();
    }

    @Test
    void aBeanReplacesTheConvention() {
        runner().withBean(Renamed.class).run(started -> {
            started.getBean(LockTemplate.class).withWrite("stock", lease -> null);
            TestObservationRegistryAssert.assertThat(registry)
                    .hasObservationWithNameEqualTo("shop.lock")
                    .that()
                    .hasLowCardinalityKeyValue("team", "sales");
        });
    }

    @Test
    void metersGoOnWhereLocksAreObserved() {
        runner().withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        CoordMetricsAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
                .run(started -> {
                    started.getBean(LockTemplate.class).withWrite("both", lease -> null);
                    assertThat(started.getBean(MeterRegistry.class)
                                    .get("coord.lock.acquire")
                                    .tag("outcome", "acquired")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                    observed(CALL).hasBeenStopped();
                });
    }

    @Test
    void bootsHandlersMakeTimersOfObservationsThatNoMeterOfOursIsNamedAs() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        ObservationAutoConfiguration.class,
                        CoordAutoConfiguration.class,
                        CoordRecipesAutoConfiguration.class,
                        CoordMetricsAutoConfiguration.class,
                        CoordObservationAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("coord.connect-string=" + server.connectString())
                .run(started -> {
                    started.getBean(LockTemplate.class).withWrite("both", lease -> null);
                    MeterRegistry meters = started.getBean(MeterRegistry.class);
                    assertThat(meters.get(WAIT)
                                    .tags("lock", "both", "outcome", "acquired")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                    assertThat(meters.getMeters().stream()
                                    .filter(each -> each.getId().getName().startsWith("coord.lock"))
                                    .collect(java.util.stream.Collectors.groupingBy(
                                            each -> each.getId().getName(),
                                            java.util.stream.Collectors.mapping(
                                                    each -> each.getId().getTags().stream()
                                                            .map(io.micrometer.core.instrument.Tag::getKey)
                                                            .toList(),
                                                    java.util.stream.Collectors.toSet())))
                                    .values())
                            .as("one set of tag keys for each name, which Prometheus insists on")
                            .allSatisfy(keys -> assertThat(keys).hasSize(1));
                });
    }

    @Test
    void withoutAHandlerNothingIsMade() {
        List<String> asked = new CopyOnWriteArrayList<>();
        ObservationRegistry idle = ObservationRegistry.create();
        ObservationLockObserver observer = new ObservationLockObserver(
                idle,
                new DefaultLockCallConvention() {
                    @Override
                    public String getName() {
                        asked.add("name");
                        return super.getName();
                    }
                },
                null);
        Lease none = null;
        observer.onWaiting(new ObservedLock("stock", LockMode.READ, null, "/stock", "nobody"), key -> {
                    asked.add("subscriber's context");
                    return null;
                })
                .onAcquired(none)
                .onReleased(null);
        assertThat(asked).isEmpty();
    }

    @Test
    void withoutMicrometersObservationNothingIsObserved() {
        runner().withClassLoader(new FilteredClassLoader("io.micrometer.observation"))
                .run(started -> assertThat(started).hasNotFailed().doesNotHaveBean("coordLockObservations"));
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CoordAutoConfiguration.class,
                        CoordRecipesAutoConfiguration.class,
                        CoordObservationAutoConfiguration.class))
                .withPropertyValues("coord.connect-string=" + server.connectString())
                .run(started -> assertThat(started).hasNotFailed().doesNotHaveBean("coordLockObservations"));
    }

    private static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CoordAutoConfiguration.class,
                        CoordRecipesAutoConfiguration.class,
                        CoordObservationAutoConfiguration.class))
                .withBean(ObservationRegistry.class, () -> registry)
                .withPropertyValues("coord.connect-string=" + server.connectString(), "coord.discovery.register=false");
    }

    static final class Renamed extends DefaultLockCallConvention {

        @Override
        public String getName() {
            return "shop.lock";
        }

        @Override
        public KeyValues getLowCardinalityKeyValues(ObservedLockCall call) {
            return super.getLowCardinalityKeyValues(call).and("team", "sales");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        CoordAutoConfiguration.class,
        CoordRecipesAutoConfiguration.class,
        CoordObservationAutoConfiguration.class
    })
    static class Application {

        @Bean
        ObservationRegistry observations() {
            SdkTracerProvider provider = SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build();
            registry.observationConfig()
                    .observationHandler(new DefaultTracingObservationHandler(
                            new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), event -> {})));
            return registry;
        }

        @Bean
        Shop shop() {
            return new Shop();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        CoordAutoConfiguration.class,
        CoordRecipesAutoConfiguration.class,
        CoordObservationAutoConfiguration.class
    })
    static class RoleApplication {

        @Bean
        ObservationRegistry observations() {
            return registry;
        }

        @Bean
        Plan plan() {
            return new Plan();
        }
    }

    static class Plan {

        private final List<String> seen = new CopyOnWriteArrayList<>();

        @OnLeader("plan")
        void lead(Leadership leadership) {
            seen.add(registry.getCurrentObservation().getContext().getName());
        }

        @OnFollower("plan")
        void follow() {
            throw new IllegalStateException("on purpose");
        }
    }

    static class Shop {

        private volatile @Nullable Observation inMethod;
        private volatile @Nullable Observation inSequence;

        @WriteLock(name = "stock", key = "#item")
        public <T> T sell(String item, Callable<T> work) throws Exception {
            return work.call();
        }

        @WriteLock(name = "stock", key = "'later'")
        public CompletableFuture<String> later(CompletableFuture<String> work) {
            return work;
        }

        @WriteLock(name = "stock", key = "'sometime'")
        public Mono<String> sometime(CompletableFuture<String> work) {
            inMethod = registry.getCurrentObservation();
            return Mono.deferContextual(subscriber -> {
                inSequence = subscriber.get(ObservationThreadLocalAccessor.KEY);
                return Mono.fromFuture(work);
            });
        }

        @WriteLock(name = "stock", key = "#item")
        public Mono<String> sometimeWithKey(String item) {
            return Mono.just(item);
        }

        public @Nullable Observation inMethod() {
            return inMethod;
        }

        public @Nullable Observation inSequence() {
            return inSequence;
        }
    }
}
