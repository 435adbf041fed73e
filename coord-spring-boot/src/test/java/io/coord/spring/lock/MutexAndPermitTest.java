package io.coord.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LockQueue;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Two applications on one server, with {@link DistributedLock} and {@link Permit}. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class MutexAndPermitTest {

    private static EmbeddedServer server;

    private ApplicationContextRunner runner;

    @BeforeAll
    static void startServer() {
        server = EmbeddedServer.builder().port(0).start();
    }

    @AfterAll
    static void closeServer() {
        server.close();
    }

    @BeforeEach
    void application() {
        runner = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class))
                .withUserConfiguration(PrinterConfiguration.class)
                .withPropertyValues(
                        "coord.connect-string=" + server.connectString(), "coord.discovery.instance-id=shop-1");
    }

    @Test
    void oneHolderAtATimeInCuratorsLayout() {
        inTwo((here, there) -> {
            here.alone(() -> {
                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(there::tryAlone)
                        .withMessageContaining("did not get the lock /coord/locks/printer within 0 ms");
                assertThat(there.skipped()).isNull();
                assertThat(there.withFallback("7")).isEqualTo("later 7");
                return null;
            });
            there.tryAlone();
            assertThat(there.withFallback("7")).isEqualTo("printed 7");
        });
    }

    @Test
    void theZnodeIsNamedAsCuratorsAndTellsWhoHoldsIt() {
        runner.run(context -> {
            CoordClient client = context.getBean(CoordClient.class);
            context.getBean(Printer.class).alone(() -> {
                assertThat(client.getChildren().forPath("/coord/locks/printer"))
                        .singleElement()
                        .asString()
                        .matches("_c_[-0-9a-f]{36}-lock-\\d{10}");
                assertThat(new LockQueue(client, "/coord/locks/printer").participants())
                        .singleElement()
                        .satisfies(
                                each -> assertThat(each.holder().orElseThrow().purpose())
                                        .startsWith("shop-1 ")
                                        .endsWith("Printer.alone(Callable)"));
                return null;
            });
        });
    }

    @Test
    void callsNestUnderTheSameLeaseAndTheStageOfOneHoldsIt() {
        inTwo((here, there) -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<String> result = here.alone(() -> here.stage(work));
            assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(there::tryAlone);
            work.complete("printed");
            assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo("printed");
            await().untilAsserted(there::tryAlone);
        });
    }

    @Test
    void keysAreLocksOfTheirOwn() {
        inTwo((here, there) -> here.aloneWith("a", () -> {
            assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> there.tryAloneWith("a"));
            there.tryAloneWith("b");
            return null;
        }));
    }

    @Test
    void thereAreAsManyPermitsAsTheLimitAmongAllApplications() {
        inTwo((here, there) -> {
            CyclicBarrier inside = new CyclicBarrier(3);
            CountDownLatch leave = new CountDownLatch(1);
            Callable<Long> stay = () -> {
                inside.await(20, TimeUnit.SECONDS);
                leave.await();
                return Leases.current().orElseThrow().fencingToken();
            };
            CompletableFuture<Long> first = supply(() -> here.page(stay, null, null));
            CompletableFuture<Long> second = supply(() -> there.page(stay, null, null));
            inside.await(20, TimeUnit.SECONDS);
            assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(here::tryPage)
                    .withMessageContaining("did not get the permit /coord/locks/pages within 0 ms");
            leave.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS)).isNotEqualTo(second.get(20, TimeUnit.SECONDS));
            here.tryPage();
        });
    }

    @Test
    void whoHasAPermitNeedsNoSecondOne() {
        runner.run(context -> {
            Printer printer = context.getBean(Printer.class);
            Lease lease = printer.page(
                    () -> printer.page(
                            () -> printer.page(() -> Leases.current().orElseThrow(), null, null), null, null),
                    null,
                    null);
            assertThat(lease.path()).startsWith("/coord/locks/pages/leases/");
            printer.tryPage();
        });
    }

    @Test
    void aLossInterruptsTheMethod() {
        runner.run(context -> {
            CountDownLatch inside = new CountDownLatch(1);
            CompletableFuture<Object> call = supply(() -> context.getBean(Printer.class)
                    .page(
                            () -> {
                                inside.countDown();
                                return new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                            },
                            null,
                            null));
            inside.await();
            server.expireSession(context.getBean(CoordClient.class).sessionId());
            assertThat(call)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .havingRootCause()
                    .isInstanceOf(InterruptedException.class);
        });
    }

    @Test
    void aLockThatIsHeldForLongIsToldWithWhatItsHolderDoes(CapturedOutput output) {
        runner.withPropertyValues("coord.lock.hold-warning=50ms").run(context -> {
            context.getBean(Printer.class).alone(() -> untilTold(output));
            assertThat(output)
                    .contains(
                            "Printer.alone(Callable) holds the lock /coord/locks/printer for more than 50 ms, in the thread "
                                    + Thread.currentThread().getName())
                    .contains(MutexAndPermitTest.class.getName() + ".untilTold");
        });
    }

    private static @Nullable Object untilTold(CapturedOutput output) {
        await().until(() -> output.getOut().contains("for more than 50 ms"));
        return null;
    }

    @Test
    void aLockThatWasReleasedInTimeIsNotToldOf(CapturedOutput output) {
        runner.withPropertyValues("coord.lock.hold-warning=500ms").run(context -> {
            Printer printer = context.getBean(Printer.class);
            printer.tryAloneWith("a");
            printer.alone(() -> {
                await().until(() -> output.getOut().contains("/coord/locks/printer for more than 500 ms"));
                return null;
            });
            assertThat(output).doesNotContain("/coord/locks/tray/a for more than");
        });
    }

    @Test
    void aLockThatAStageHoldsForLongIsTold(CapturedOutput output) {
        runner.withPropertyValues("coord.lock.hold-warning=50ms").run(context -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            context.getBean(Printer.class).stage(work);
            await().until(() -> output.getOut()
                    .contains(
                            "holds the lock /coord/locks/printer for more than 50 ms; what it returned has not ended"));
            work.complete("");
        });
    }

    private interface TwoApplications {
        void test(Printer here, Printer there) throws Exception;
    }

    private void inTwo(TwoApplications test) {
        runner.run(here -> runner.run(there -> test.test(here.getBean(Printer.class), there.getBean(Printer.class))));
    }

    private static <T> CompletableFuture<T> supply(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(task.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    @Configuration(proxyBeanMethods = false)
    static class PrinterConfiguration {

        @Bean
        Printer printer() {
            return new Printer();
        }
    }

    static class Printer {

        @DistributedLock("printer")
        public <T> T alone(Callable<T> task) throws Exception {
            return task.call();
        }

        @DistributedLock(name = "printer", waitTime = "0")
        public void tryAlone() {}

        @DistributedLock(name = "printer", waitTime = "0", onFailure = OnFailure.SKIP)
        public @Nullable String skipped() {
            return "printed";
        }

        @DistributedLock(name = "printer", waitTime = "0", fallback = "later")
        public String withFallback(String page) {
            return "printed " + page;
        }

        String later(String page) {
            return "later " + page;
        }

        @DistributedLock("printer")
        public CompletableFuture<String> stage(CompletableFuture<String> work) {
            return work;
        }

        @DistributedLock(name = "tray", key = "#p0")
        public <T> T aloneWith(String tray, Callable<T> task) throws Exception {
            return task.call();
        }

        @DistributedLock(name = "tray", key = "#p0", waitTime = "0")
        public void tryAloneWith(String tray) {}

        @Permit(name = "pages", limit = 2)
        public <T> T page(Callable<T> task, @Nullable Lease lease, @Nullable FencingToken token) throws Exception {
            assertThat(token.value()).isEqualTo(lease.fencingToken());
            return task.call();
        }

        @Permit(name = "pages", limitString = "${pages:2}", waitTime = "0")
        public void tryPage() {}
    }
}
