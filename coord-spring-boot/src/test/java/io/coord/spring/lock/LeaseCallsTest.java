package io.coord.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.coord.client.CoordClient;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseState;
import io.coord.recipes.lock.LockParticipant;
import io.coord.recipes.lock.LockQueue;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.test.util.AopTestUtils;
import reactor.core.publisher.Mono;

/** What is called because of a lock that is held: when it is lost, and when somebody asks for it. */
@Timeout(60)
class LeaseCallsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static EmbeddedServer server;
    private static ConfigurableApplicationContext context;

    private final Sales sales = context.getBean(Sales.class);
    private final LockTemplate locks = context.getBean(LockTemplate.class);

    /** Without the proxy, to look into. */
    private final Sales seen = AopTestUtils.getTargetObject(sales);

    @BeforeAll
    static void startApplication() {
        server = EmbeddedServer.builder().port(0).start();
        context = application().run("--coord.connect-string=" + server.connectString());
    }

    private static SpringApplication application() {
        SpringApplication application = new SpringApplication(Application.class);
        application.setRegisterShutdownHook(false);
        application.setDefaultProperties(
                java.util.Map.of("coord.discovery.register", "false", "spring.main.web-application-type", "none"));
        return application;
    }

    @AfterAll
    static void closeApplication() {
        context.close();
        server.close();
    }

    @BeforeEach
    void forget() {
        seen.told.clear();
        seen.threads.clear();
    }

    /** Somebody deletes the znodes, which is what an expired session does to them. */
    private static void lose(String lock) {
        String path = "/coord/locks/" + lock;
        CoordClient client = context.getBean(CoordClient.class);
        client.getChildren().forPath(path).forEach(holder -> client.delete().forPath(path + "/" + holder));
    }

    private static void askFor(String lock) {
        LockQueue queue = new LockQueue(context.getBean(CoordClient.class), "/coord/locks/" + lock);
        List<LockParticipant> holders =
                queue.participants().stream().filter(LockParticipant::holding).toList();
        assertThat(holders).hasSize(1);
        assertThat(queue.requestRelease(holders.get(0))).isTrue();
    }

    private static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    private static void awaitLoss(Lease lease) {
        await().atMost(DEADLINE).until(() -> lease.state() == LeaseState.LOST);
    }

    @Test
    void aLossCallsTheMethodOfTheBeanOnAThreadOfTheLockAndTheMethodReturnsWhatItReturns() {
        String result = sales.sell(
                lease -> {
                    lose("sales");
                    await().atMost(DEADLINE).until(() -> !seen.told.isEmpty());
                },
                null);
        assertThat(result).isEqualTo("sold");
        assertThat(seen.told).singleElement().asString().matches("lost [0-9]+ The lock /coord/locks/sales was lost .*");
        assertThat(seen.threads).containsExactly("coord-lock-sales");
    }

    @Test
    void aLossThatOnlyTheEndOfTheMethodShowsIsToldOnce() {
        for (int i = 0; i < 5; i++) {
            sales.sell(
                    lease -> {
                        lose("sales");
                        awaitLoss(lease);
                    },
                    null);
            int calls = i + 1;
            await().atMost(DEADLINE).until(() -> seen.told.size() == calls);
        }
        assertThat(sales.sell(lease -> {}, null)).isEqualTo("sold");
        assertThat(seen.told).hasSize(5);
    }

    @Test
    void aCallbackThatFailsDisturbsNobody() {
        for (int i = 0; i < 2; i++) {
            int calls = i + 1;
            assertThat(sales.failing(() -> {
                        lose("failing");
                        await().atMost(DEADLINE).until(() -> seen.told.size() == calls);
                    }))
                    .isEqualTo("done");
        }
    }

    @Test
    void aStageIsToldOfUntilItIsComplete() throws Exception {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> result = sales.later(work);
        lose("later");
        await().atMost(DEADLINE).until(() -> seen.told.equals(List.of("stopped")));
        assertThat(result).isNotDone();
        work.complete("done");
        assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo("done");
    }

    @Test
    void aMonoIsToldOfUntilItEnds() {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> result = sales.sometime(work).toFuture();
        await().atMost(DEADLINE).until(() -> seen.subscribed);
        lose("later");
        await().atMost(DEADLINE).until(() -> seen.told.equals(List.of("stopped")));
        work.complete("done");
        assertThat(result.join()).isEqualTo("done");
    }

    @Test
    void tasksHandOverWhatIsToBeCalled() {
        List<String> told = new CopyOnWriteArrayList<>();
        String result = locks.write("tasks")
                .key("a/b")
                .onLost((lease, loss) -> told.add(lease.state() + " " + loss.path()))
                .run(lease -> {
                    lose("tasks/a%2Fb");
                    await().atMost(DEADLINE).until(() -> !told.isEmpty());
                    return "done";
                });
        assertThat(result).isEqualTo("done");
        assertThat(told).containsExactly("LOST /coord/locks/tasks/a%2Fb");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> locks.write("tasks").onLost(OnLost.CALLBACK));
    }

    @Test
    void aRequestIsToldToTheMethodThatTheAnnotationNamesAndPublished() {
        sales.sellUntilAsked();
        assertThat(seen.told).contains("asked", "event sales null WRITE");
        assertThat(seen.threads).containsOnly("coord-lock-sales");
    }

    @Test
    void aLossIsObservedOnceAndNotAfterTheEndHoweverLateItIsTold() throws Exception {
        List<String> observed = context.getBean(Seen.class).told;
        observed.clear();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        locks.write("late").onLost(OnLost.IGNORE).run(lease -> {
            // What the client tells of one lease, it tells one after the other.
            lease.onReleaseRequested(asked -> {
                busy.countDown();
                awaitQuietly(goOn);
            });
            lease.onLost(lost -> told.countDown());
            askFor("late");
            assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
            lose("late");
            awaitLoss(lease);
            return null;
        });
        assertThat(observed).containsExactly("lost", "released");
        goOn.countDown();
        assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(observed).containsExactly("lost", "released");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRequestIsToldToTasks() {
        List<String> told = new CopyOnWriteArrayList<>();
        locks.mutex("asked")
                .key("7")
                .forPurpose("nightly")
                .onReleaseRequested(lease -> told.add(lease.path()))
                .run(lease -> {
                    askFor("asked/7");
                    await().atMost(DEADLINE).until(() -> told.size() == 1 && !seen.told.isEmpty());
                    assertThat(told).containsExactly(lease.path());
                    return null;
                });
        assertThat(seen.told).containsExactly("event asked 7 EXCLUSIVE");
    }

    @Test
    void aPermitCanBeAskedFor() {
        locks.withPermit("licences", 2, lease -> {
            askFor("licences/leases");
            await().atMost(DEADLINE).until(() -> seen.told.contains("event licences null PERMIT"));
            return null;
        });
    }

    @Test
    void nothingIsCalledBeforeTheContextIsReady() {
        SpringApplication application = application();
        application.addPrimarySources(List.of(EarlyApplication.class));
        try (ConfigurableApplicationContext early =
                application.run("--coord.connect-string=" + server.connectString())) {
            Early bean = early.getBean(Early.class);
            await().atMost(DEADLINE).until(() -> bean.told.size() == 2);
            assertThat(bean.told).containsExactly("started", "lost");
        }
    }

    @Test
    void whatCannotWorkStopsTheStart() {
        refused(NoSuchMethod.class, "lossCallback 'stop' is no method of", "Add one");
        refused(
                WrongParameter.class,
                "lossCallback 'stop' is no method of",
                "are of the types FencingToken, Lease, LockLostException");
        refused(
                NoLossInARequest.class,
                "onReleaseRequested 'stop' is no method of",
                "are of the types FencingToken, Lease.");
        refused(Ambiguous.class, "is more than one method of", "Keep one of them");
        refused(Nameless.class, "says onLost = CALLBACK but names no method", "lossCallback");
        refused(Contradiction.class, "names the callback 'stop' for a loss but says onLost = THROW", "Remove one");
    }

    private static void refused(Class<?> bean, String problem, String action) {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class))
                .withPropertyValues("coord.connect-string=127.0.0.1:1")
                .withUserConfiguration(bean)
                .run(started -> assertThat(started)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidLockAnnotationException.class, failure -> {
                            assertThat(failure.getMessage()).contains(problem);
                            assertThat(failure.analysis().getAction()).contains(action);
                        }));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class})
    static class Application {

        @Bean
        Sales sales() {
            return new Sales();
        }

        @Bean
        Seen seen() {
            return new Seen();
        }
    }

    /** Notes how holdings end. */
    static final class Seen implements LockObserver, LockObserver.Waiting, LockObserver.Held {

        private final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public Waiting onWaiting(ObservedLock lock) {
            return this;
        }

        @Override
        public Held onAcquired(Lease lease) {
            return this;
        }

        @Override
        public void onLost() {
            told.add("lost");
        }

        @Override
        public void onReleased(@Nullable Throwable failure) {
            told.add("released");
        }
    }

    /** Holds a lock before the context is ready, and loses it there. */
    @Configuration(proxyBeanMethods = false)
    static class EarlyApplication {

        @Bean
        Early early(LockTemplate locks, CoordClient client) {
            return new Early(locks, client);
        }
    }

    static class Early implements SmartLifecycle {

        private final List<String> told = new CopyOnWriteArrayList<>();
        private final LockTemplate locks;
        private final CoordClient client;
        private boolean running;

        Early(LockTemplate locks, CoordClient client) {
            this.locks = locks;
            this.client = client;
        }

        @Override
        public void start() {
            running = true;
            locks.write("early").onLost((lease, loss) -> told.add("lost")).run(lease -> {
                client.delete().forPath(lease.path());
                awaitLoss(lease);
                return null;
            });
            // Time enough for a call that comes too early.
            for (int i = 0; i < 5; i++) {
                locks.withWrite("early", lease -> null);
            }
            told.add("started");
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE + 2000;
        }
    }

    interface Work {
        void with(Lease lease);
    }

    static class Sales {

        private final List<String> told = new CopyOnWriteArrayList<>();
        private final List<String> threads = new CopyOnWriteArrayList<>();
        private volatile boolean subscribed;

        @WriteLock(name = "sales", lossCallback = "salesLost")
        public String sell(Work work, @Nullable Lease lease) {
            work.with(lease);
            return "sold";
        }

        @SuppressWarnings("UnusedMethod")
        private void salesLost(FencingToken token, LockLostException loss, Lease lease) {
            assertThat(lease.fencingToken()).isEqualTo(token.value());
            threads.add(Thread.currentThread().getName());
            told.add("lost " + token + " " + loss.getMessage());
        }

        @DistributedLock(name = "failing", onLost = OnLost.CALLBACK, lossCallback = "fail")
        public String failing(Runnable work) {
            work.run();
            return "done";
        }

        void fail() {
            told.add("fails");
            throw new IllegalStateException("on purpose");
        }

        @WriteLock(name = "later", lossCallback = "stop")
        public CompletableFuture<String> later(CompletableFuture<String> work) {
            return work;
        }

        @WriteLock(name = "later", lossCallback = "stop")
        public Mono<String> sometime(CompletableFuture<String> work) {
            subscribed = true;
            return Mono.fromFuture(work);
        }

        void stop() {
            told.add("stopped");
        }

        @WriteLock(name = "sales", onReleaseRequested = "asked")
        public void sellUntilAsked() {
            askFor("sales");
            await().atMost(DEADLINE).until(() -> told.size() == 2);
        }

        void asked(Lease lease) {
            threads.add(Thread.currentThread().getName());
            told.add(lease.state() == LeaseState.HELD ? "asked" : "too late");
        }

        @EventListener
        public void onRequest(LockReleaseRequestedEvent event) {
            if (event.name().equals("sales")) {
                threads.add(Thread.currentThread().getName());
            }
            told.add("event " + event.name() + " " + event.key() + " " + event.mode());
        }
    }

    static class NoSuchMethod {

        @WriteLock(name = "a", lossCallback = "stop")
        void work() {}
    }

    static class WrongParameter {

        @ReadLock(name = "a", lossCallback = "stop")
        void work() {}

        void stop(String why) {}
    }

    static class NoLossInARequest {

        @DistributedLock(name = "a", onReleaseRequested = "stop")
        void work() {}

        void stop(LockLostException loss) {}
    }

    static class Ambiguous {

        @Permit(name = "a", limit = 1, lossCallback = "stop")
        void work() {}

        void stop(Lease lease) {}

        void stop() {}
    }

    static class Nameless {

        @WriteLock(name = "a", onLost = OnLost.CALLBACK)
        void work() {}
    }

    static class Contradiction {

        @WriteLock(name = "a", onLost = OnLost.THROW, lossCallback = "stop")
        void work() {}

        void stop() {}
    }
}
