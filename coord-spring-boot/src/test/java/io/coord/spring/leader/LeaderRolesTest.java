package io.coord.spring.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.leader.Leadership;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.test.util.AopTestUtils;

@Timeout(60)
class LeaderRolesTest {

    private EmbeddedServer server;
    private ApplicationContextRunner runner;

    @BeforeEach
    void startServer() {
        server = EmbeddedServer.builder().port(0).start();
        runner = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class))
                .withPropertyValues("coord.connect-string=" + server.connectString(), "coord.discovery.register=false");
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    private static void awaitLead(AssertableApplicationContext context, String role) {
        LeaderRoles roles = context.getBean(LeaderRoles.class);
        await().atMost(Duration.ofSeconds(30)).until(() -> roles.isLeader(role));
    }

    @Test
    void aMethodOfLeadersRunsInOneApplicationOfTwo() {
        runner.withUserConfiguration(JobConfiguration.class).run(first -> {
            awaitLead(first, "reports");
            runner.withUserConfiguration(JobConfiguration.class).run(second -> {
                Job follower = second.getBean(Job.class);
                assertThat(follower.object(null)).isNull();
                assertThat(follower.optional()).isEmpty();
                assertThat(follower.stage()).isCompletedWithValue(null);
                assertThatThrownBy(follower::number)
                        .isInstanceOf(NotLeaderException.class)
                        .hasMessageContaining("number()")
                        .hasMessageContaining("'reports'");

                Job leader = first.getBean(Job.class);
                Leadership leadership =
                        first.getBean(LeaderRoles.class).leadership("reports").orElseThrow();
                assertThat(leader.object(null)).isEqualTo(leadership.fencingToken());
                assertThat(leader.optional()).contains("done");
                assertThat(leader.stage()).isCompletedWithValue("done");
                assertThat(leader.number()).isEqualTo(7);

                first.close();
                awaitLead(second, "reports");
                assertThat(follower.number()).isEqualTo(7);
            });
        });
    }

    @Test
    void aRoleIsGivenUpWhenTheWorkOfItsLeaderHasEnded() {
        runner.withUserConfiguration(WorkerConfiguration.class).run(context -> {
            Worker worker = context.getBean(Worker.class);
            worker.begun.await();
            try (CoordClient other = CoordClient.builder()
                    .connectString(server.connectString())
                    .build()
                    .start()) {
                worker.atTheEnd = () -> worker.told.add("candidates "
                        + other.getChildren().forPath("/coord/leaders/work").size());
                context.close();
                assertThat(worker.told).containsExactly("leader 1", "interrupted", "candidates 1", "follower 1");
                assertThat(other.getChildren().forPath("/coord/leaders/work")).isEmpty();
            }
        });
    }

    @Test
    void whoLosesTheSessionIsInterruptedAndLeadsAgain() {
        runner.withUserConfiguration(WorkerConfiguration.class).run(context -> {
            Worker worker = context.getBean(Worker.class);
            worker.begun.await();
            server.expireSession(context.getBean(CoordClient.class).sessionId());
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(worker.told).startsWith("leader 1", "interrupted", "follower 1", "leader 2"));
        });
    }

    @Test
    void aMethodOfLeadersIsInterruptedWhenTheRoleIsLost() {
        runner.withUserConfiguration(JobConfiguration.class).run(context -> {
            awaitLead(context, "reports");
            Job job = context.getBean(Job.class);
            CompletableFuture<Boolean> result = CompletableFuture.supplyAsync(job::interrupted);
            AopTestUtils.<Job>getTargetObject(job).waiting.await();
            server.expireSession(context.getBean(CoordClient.class).sessionId());
            assertThat(result.join()).isTrue();
        });
    }

    @Test
    void eventsComeOnceTheContextIsReady() {
        runner.withUserConfiguration(EventsConfiguration.class).run(context -> {
            Events events = context.getBean(Events.class);
            await().atMost(Duration.ofSeconds(30)).until(() -> events.seen.size() >= 2);
            assertThat(events.seen).containsExactly("ready", "granted plan");
            context.close();
            assertThat(events.seen).containsExactly("ready", "granted plan", "revoked plan");
        });
    }

    @Test
    void aListenerOfALazyBeanIsToldOfWhatWasBefore() {
        runner.withUserConfiguration(EventsConfiguration.class).run(context -> {
            awaitLead(context, "plan");
            Events late = new Events();
            context.getAutowireCapableBeanFactory().initializeBean(late, "late");
            await().atMost(Duration.ofSeconds(30)).until(() -> late.seen.contains("leads"));
        });
    }

    @Test
    void whatCannotWorkStopsTheStart() {
        refused(SkippedNumber.class, "returns int, which has no value for \"skipped\"");
        refused(SkippedPublisher.class, "has no value for \"skipped\"");
        refused(NoRole.class, "it names no role");
        refused(BadRole.class, "'a//b' cannot be the name of a role");
        refused(MissingPlaceholder.class, "placeholder without a value");
        refused(Hidden.class, "it is private");
        refused(Parameters.class, "has parameters that @OnLeader does not know");
        refused(Prototype.class, "'prototype' is no singleton");
    }

    private void refused(Class<?> configuration, String problem) {
        runner.withUserConfiguration(configuration)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidLeaderAnnotationException.class)
                        .hasMessageContaining(problem));
    }

    @Configuration(proxyBeanMethods = false)
    static class JobConfiguration {

        @Bean
        Job job() {
            return new Job();
        }
    }

    static class Job {

        private final CountDownLatch waiting = new CountDownLatch(1);

        @LeaderOnly("${job.role:reports}")
        public @Nullable Object object(@Nullable Leadership leadership) {
            return leadership == null ? "none" : leadership.fencingToken();
        }

        @LeaderOnly("reports")
        public Optional<String> optional() {
            return Optional.of("done");
        }

        @LeaderOnly("reports")
        public CompletionStage<String> stage() {
            return CompletableFuture.completedStage("done");
        }

        @LeaderOnly(role = "reports", otherwise = Otherwise.THROW)
        public int number() {
            return 7;
        }

        @LeaderOnly("reports")
        public Boolean interrupted() {
            waiting.countDown();
            try {
                new CountDownLatch(1).await();
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WorkerConfiguration {

        @Bean
        Worker worker() {
            return new Worker();
        }
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

    @Configuration(proxyBeanMethods = false)
    static class EventsConfiguration {

        @Bean
        Events events() {
            return new Events();
        }
    }

    static class Events {

        private final List<String> seen = new CopyOnWriteArrayList<>();

        @OnLeader("plan")
        void leads() {
            if (seen.isEmpty()) {
                seen.add("leads");
            }
        }

        @EventListener
        void onEvent(ApplicationEvent event) {
            if (event instanceof ContextRefreshedEvent) {
                seen.add("ready");
            } else if (event instanceof LeaderGrantedEvent granted) {
                seen.add("granted " + granted.role());
            } else if (event instanceof LeaderRevokedEvent revoked) {
                seen.add("revoked " + revoked.role());
            }
        }
    }

    static class SkippedNumber {

        @LeaderOnly("a")
        int number() {
            return 1;
        }
    }

    static class SkippedPublisher {

        @LeaderOnly("a")
        java.util.concurrent.Flow.@Nullable Publisher<String> publisher() {
            return null;
        }
    }

    static class NoRole {

        @LeaderOnly
        void run() {}
    }

    static class BadRole {

        @OnFollower("a//b")
        void run() {}
    }

    static class MissingPlaceholder {

        @OnLeader("${nobody.set.this}")
        void run() {}
    }

    static class Hidden {

        @LeaderOnly("a")
        @SuppressWarnings("UnusedMethod")
        private void run() {}
    }

    static class Parameters {

        @OnLeader("a")
        void run(String text) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Prototype {

        static class Listener {

            @OnLeader("a")
            void run() {}
        }

        @Bean
        @Scope("prototype")
        Listener prototype() {
            return new Listener();
        }

        @Bean
        Object user(Listener listener) {
            return "uses " + listener;
        }
    }
}
