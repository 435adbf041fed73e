package io.coord.spring.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.leader.LeaderLatch;
import io.coord.recipes.leader.Leadership;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordLeaderYieldAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application that gives its roles up while it is unhealthy. */
@Timeout(60)
class LeaderYieldTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static EmbeddedServer server;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    HealthContributorRegistryAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class,
                    CoordAutoConfiguration.class,
                    CoordRecipesAutoConfiguration.class,
                    CoordLeaderYieldAutoConfiguration.class))
            .withUserConfiguration(Application.class)
            .withPropertyValues("coord.connect-string=" + server.connectString(), "coord.discovery.register=false");

    @BeforeAll
    static void startServer() {
        server = EmbeddedServer.builder().port(0).start();
    }

    @AfterAll
    static void closeServer() {
        server.close();
    }

    private static LeaderYield.Settings seconds(int down, int up) {
        return new LeaderYield.Settings(Duration.ofSeconds(down), Duration.ofSeconds(up), DEADLINE, DEADLINE);
    }

    @Test
    void givesTheRoleUpAfterItsWorkHasEndedAndLeadsAgainInALaterGeneration() {
        runner.run(context -> {
            LeaderRoles roles = context.getBean(LeaderRoles.class);
            Worker worker = context.getBean(Worker.class);
            worker.begun.await();
            AtomicLong second = new AtomicLong();
            Database database = context.getBean(Database.class);
            try (LeaderYield yield = new LeaderYield(
                            roles, () -> database.up, seconds(30, 60), () -> second.get() * 1_000_000_000);
                    LeaderLatch other =
                            new LeaderLatch(context.getBean(CoordClient.class), "/coord/leaders/work", "b")) {
                other.start();
                await().atMost(DEADLINE)
                        .untilAsserted(() -> assertThat(other.participants()).hasSize(2));
                yield.look(Runnable::run);
                database.up = false;
                yield.look(Runnable::run);
                second.set(29);
                yield.look(Runnable::run);
                assertThat(roles.isLeader("work")).isTrue();
                assertThat(roles.hasSteppedDown()).isFalse();

                worker.atTheEnd = () ->
                        worker.told.add("candidates " + other.participants().size());
                second.set(30);
                yield.look(Runnable::run);
                assertThat(worker.told).containsExactly("leader 1", "interrupted", "candidates 2", "follower 1");
                assertThat(roles.isLeader("work")).isFalse();
                assertThat(roles.hasSteppedDown()).isTrue();
                assertThat(other.await(DEADLINE)).isTrue();
                assertThat(other.participants()).as("does not contend").hasSize(1);

                worker.atTheEnd = () -> {};
                database.up = true;
                yield.look(Runnable::run);
                second.set(89);
                yield.look(Runnable::run);
                assertThat(other.participants()).hasSize(1);
                second.set(90);
                yield.look(Runnable::run);
                await().atMost(DEADLINE)
                        .untilAsserted(() -> assertThat(other.participants()).hasSize(2));
                other.close(LeaderLatch.CloseMode.SILENT);
                await().atMost(DEADLINE).until(() -> roles.isLeader("work"));
                assertThat(roles.leadership("work").orElseThrow().generation()).isEqualTo(2);
            }
        });
    }

    @Test
    void whatCannotBeReadOrDoesNotAnswerIsUnhealthy() {
        assertThat(stepsDownWith(() -> {
                    throw new IllegalStateException("on purpose");
                }))
                .isTrue();
        CountDownLatch never = new CountDownLatch(1);
        assertThat(stepsDownWith(() -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return true;
                }))
                .isTrue();
        never.countDown();
        assertThat(stepsDownWith(() -> true)).isFalse();
    }

    private boolean stepsDownWith(BooleanSupplier healthy) {
        LeaderRoles roles = new LeaderRoles(new LeaderElections(unused(), "/leaders", "a"), event -> {});
        LeaderYield.Settings settings =
                new LeaderYield.Settings(Duration.ZERO, Duration.ZERO, Duration.ofMillis(20), Duration.ZERO);
        try (LeaderYield yield = new LeaderYield(roles, healthy, settings)) {
            yield.look(task -> CompletableFuture.runAsync(task));
        }
        return roles.hasSteppedDown();
    }

    /** Roles that nobody has named need none. */
    private static CoordClient unused() {
        return null;
    }

    @Test
    void aRoleThatIsNamedMeanwhileIsNotContendedForUntilItResumes() {
        runner.run(context -> {
            LeaderRoles roles = context.getBean(LeaderRoles.class);
            await().atMost(DEADLINE).until(() -> roles.isLeader("work"));
            roles.stepDown(DEADLINE);
            roles.stepDown(DEADLINE);
            context.getAutowireCapableBeanFactory().initializeBean(new Late(), "late");
            CoordClient client = context.getBean(CoordClient.class);
            assertThat(client.checkExists().forPath("/coord/leaders/late")).isNull();
            roles.resume();
            roles.resume();
            await().atMost(DEADLINE).until(() -> roles.isLeader("late") && roles.isLeader("work"));
        });
    }

    @Test
    void theHealthThatIsNamedDecides() {
        runner.withPropertyValues(
                        "coord.leader.yield-when.health=database",
                        "coord.leader.yield-when.down-for=50ms",
                        "coord.leader.yield-when.up-for=50ms",
                        "coord.leader.yield-when.check-interval=10ms")
                .run(context -> {
                    LeaderRoles roles = context.getBean(LeaderRoles.class);
                    Database database = context.getBean(Database.class);
                    await().atMost(DEADLINE).until(() -> roles.isLeader("work"));
                    database.up = false;
                    await().atMost(DEADLINE).until(roles::hasSteppedDown);
                    database.up = true;
                    await().atMost(DEADLINE).until(() -> roles.isLeader("work"));
                });
    }

    @Test
    void nothingLooksAtTheHealthUntilSomebodyAsksForIt() {
        runner.run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(HealthEndpoint.class)
                .doesNotHaveBean(LeaderYield.class));
    }

    @Test
    void aNameThatIsNoneStopsTheStart() {
        runner.withPropertyValues("coord.leader.yield-when.health=databse")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("coord.leader.yield-when.health")
                        .hasMessageContaining("databse"));
    }

    @Test
    void aHealthWithoutActuatorStopsTheStart() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .withPropertyValues("coord.leader.yield-when.health=database")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("coord.leader.yield-when.health")
                        .extracting("reason")
                        .asString()
                        .contains("spring-boot-starter-actuator"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        Worker worker() {
            return new Worker();
        }

        @Bean
        Database database() {
            return new Database();
        }

        @Configuration(proxyBeanMethods = false)
        @org.springframework.boot.autoconfigure.condition.ConditionalOnClass(HealthIndicator.class)
        static class Indicator {

            @Bean
            HealthIndicator databaseHealthIndicator(Database database) {
                return () -> (database.up ? Health.up() : Health.down()).build();
            }
        }
    }

    static class Database {

        private volatile boolean up = true;
    }

    static class Late {

        @OnLeader("late")
        void lead() {}
    }

    static class Worker {

        private final List<String> told = new CopyOnWriteArrayList<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private volatile Runnable atTheEnd = () -> {};

        @OnLeader("work")
        void lead(Leadership leadership) {
            told.add("leader " + leadership.generation());
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                told.add("interrupted");
            }
        }

        @OnFollower("work")
        void follow(Leadership leadership) {
            atTheEnd.run();
            told.add("follower " + leadership.generation());
        }
    }
}
