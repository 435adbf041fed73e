package io.coord.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.coord.client.CoordClient;
import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LockParticipant;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.metrics.CoordMetricsAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.lock.StockConfiguration.Stock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@Timeout(60)
class LockTemplateTest {

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
                .withConfiguration(AutoConfigurations.of(
                        CoordAutoConfiguration.class,
                        CoordRecipesAutoConfiguration.class,
                        CoordMetricsAutoConfiguration.class))
                .withUserConfiguration(StockConfiguration.class)
                .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withPropertyValues("coord.connect-string=" + server.connectString(), "coord.lock.wait=0");
    }

    private interface TwoApplications {
        void test(LockTemplate here, LockTemplate there) throws Exception;
    }

    private void inTwo(TwoApplications test) {
        runner.run(here ->
                runner.run(there -> test.test(here.getBean(LockTemplate.class), there.getBean(LockTemplate.class))));
    }

    @Test
    void tasksExcludeEachOtherAsTheirModesSay() {
        inTwo((here, there) -> {
            String read = here.withRead("stock", lease -> {
                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(() -> there.withWrite("stock", other -> "written"))
                        .withMessage(
                                "A task did not run: it did not get the write lock /coord/locks/stock within 0 ms");
                return there.withRead("stock", other -> "both");
            });
            assertThat(read).isEqualTo("both");
            here.withMutex("printer", lease -> {
                assertThat(there.mutex("printer").tryRun(other -> "printed")).isEmpty();
                return null;
            });
            here.withPermit("pages", 1, lease -> {
                assertThat(there.permit("pages", 1).tryRun(other -> "printed")).isEmpty();
                assertThat(there.permit("pages", 2).tryRun(other -> "printed")).contains("printed");
                return null;
            });
            assertThat(there.mutex("printer").tryRun(Lease::path))
                    .get()
                    .asString()
                    .startsWith("/coord/locks/printer/");
        });
    }

    @Test
    void keysWaitsAndPurposesAreSetByCall() {
        runner.run(context -> {
            LockTemplate locks = context.getBean(LockTemplate.class);
            CoordClient client = context.getBean(CoordClient.class);
            locks.write("items").key("a/b").forPurpose("nightly report").run(lease -> {
                assertThat(client.getChildren().forPath("/coord/locks/items")).contains("a%2Fb");
                assertThat(context.getBean(NamedLocks.class)
                                .readWriteLock("items", "a/b")
                                .participants())
                        .singleElement()
                        .extracting(LockParticipant::holder)
                        .satisfies(holder ->
                                assertThat(holder.orElseThrow().purpose()).endsWith(" nightly report"));
                return null;
            });
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            Thread other = new Thread(() -> locks.withWrite("items", lease -> {
                held.countDown();
                return await(leave);
            }));
            other.start();
            held.await();
            assertThat(locks.write("items").tryRun(lease -> "now")).isEmpty();
            Optional<String> waited =
                    locks.write("items").waitAtMost(Duration.ofMillis(50)).tryRun(lease -> "late");
            assertThat(waited).isEmpty();
            leave.countDown();
            assertThat(locks.write("items").waitAtMost(Duration.ofSeconds(20)).tryRun(lease -> "then"))
                    .contains("then");
            other.join();
        });
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tasksAndMethodsNestUnderOneLease() {
        runner.run(context -> {
            LockTemplate locks = context.getBean(LockTemplate.class);
            Stock stock = context.getBean(Stock.class);
            locks.withWrite("stock", lease -> {
                assertThat(Leases.current()).containsSame(lease);
                stock.tryWrite();
                return locks.withRead("stock", inner -> assertThat(inner).isSameAs(lease));
            });
            assertThat(Leases.current()).isEmpty();
            assertThatIllegalStateException()
                    .isThrownBy(() -> locks.withRead("stock", lease -> locks.withWrite("stock", inner -> "upgraded")))
                    .withMessageContaining("Take the write lock first");
        });
    }

    @Test
    void whatTheTaskThrowsComesThroughAndTheLockIsFree() {
        runner.run(context -> {
            LockTemplate locks = context.getBean(LockTemplate.class);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> locks.withMutex("files", lease -> {
                        throw new IOException("full");
                    }))
                    .withMessage("full");
            assertThat(locks.mutex("files").tryRun(lease -> "free")).contains("free");
        });
    }

    @Test
    void aLossIsTold() {
        runner.run(context -> {
            LockTemplate locks = context.getBean(LockTemplate.class);
            CoordClient client = context.getBean(CoordClient.class);
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(() -> locks.withWrite("stock", lease -> {
                        client.delete().forPath(lease.path());
                        return new CountDownLatch(1).await(20, TimeUnit.SECONDS);
                    }))
                    .withCauseInstanceOf(InterruptedException.class);
            String done = locks.write("stock").onLost(OnLost.IGNORE).run(lease -> {
                client.delete().forPath(lease.path());
                return "done";
            });
            assertThat(done).isEqualTo("done");
        });
    }

    @Test
    void tasksAreMeteredByTheDeclaredName() {
        runner.run(context -> {
            context.getBean(LockTemplate.class).write("items").key(7).run(lease -> null);
            assertThat(context.getBean(MeterRegistry.class)
                            .get("coord.lock.hold")
                            .tags("lock", "items", "mode", "write")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void wrongNamesKeysAndLimitsAreRefused() {
        runner.run(context -> {
            LockTemplate locks = context.getBean(LockTemplate.class);
            assertThatIllegalArgumentException().isThrownBy(() -> locks.read("a//b"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> locks.read("a").key(""));
            assertThatIllegalArgumentException().isThrownBy(() -> locks.permit("a", 0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> locks.read("a").waitAtMost(Duration.ofMillis(-1)));
        });
    }

    @Test
    void serversOutOfReachAreNoEmptyResult() {
        runner.withPropertyValues("coord.connect-string=127.0.0.1:1", "coord.request-timeout=100ms")
                .run(context -> assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(() ->
                                context.getBean(LockTemplate.class).read("a").tryRun(lease -> "ran")));
    }
}
