package io.coord.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.lock.StockConfiguration.Stock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Two applications on one server, and what the annotations of the one mean for the other. */
class LockedMethodsOfBeansTest {

    private static final int DEADLINE_S = 20;

    private static EmbeddedServer server;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    private ApplicationContextRunner runner;

    @BeforeAll
    static void startServer() {
        server = EmbeddedServer.builder().host("127.0.0.1").port(0).start();
    }

    @AfterAll
    static void closeServer() {
        server.close();
    }

    @BeforeEach
    void application() {
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AopAutoConfiguration.class, CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class))
                .withUserConfiguration(StockConfiguration.class)
                .withPropertyValues("coord.connect-string=127.0.0.1:" + server.port());
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void writerExcludesReadersAndWritersOfOtherApplications() {
        inTwo((here, there) -> {
            whileHeld(task -> here.write(task), () -> {
                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(there::tryWrite)
                        .withMessageContaining("/coord/locks/stock")
                        .withMessageContaining("Stock.tryWrite");
                assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(there::tryRead);
            });
            there.write(() -> "free again");
        });
    }

    @Test
    void readersRunTogetherAndKeepWritersOut() {
        inTwo((here, there) -> {
            CyclicBarrier together = new CyclicBarrier(3);
            CountDownLatch leave = new CountDownLatch(1);
            Callable<String> meet = () -> {
                together.await(DEADLINE_S, TimeUnit.SECONDS);
                leave.await();
                return "met";
            };
            Future<String> first = threads.submit(() -> here.read(meet));
            Future<String> second = threads.submit(() -> there.read(meet));
            together.await(DEADLINE_S, TimeUnit.SECONDS);
            assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(here::tryWrite);
            there.tryRead();
            leave.countDown();
            assertThat(first.get(DEADLINE_S, TimeUnit.SECONDS)).isEqualTo("met");
            assertThat(second.get(DEADLINE_S, TimeUnit.SECONDS)).isEqualTo("met");
        });
    }

    @Test
    void keysAreLocksOfTheirOwn() {
        inTwo((here, there) -> {
            whileHeld(task -> here.writeItem("a", task), () -> {
                assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(() -> there.tryWriteItem("a"));
                there.tryWriteItem("b");
            });
        });
    }

    @Test
    void keyWithASlashIsOneElementOfThePath() {
        runner.run(context -> {
            CoordClient client = context.getBean(CoordClient.class);
            context.getBean(Stock.class).writeItem("a/b", () -> {
                assertThat(client.getChildren().forPath("/coord/locks/items")).contains("a%2Fb");
                assertThat(client.getChildren().forPath("/coord/locks/items/a%2Fb"))
                        .hasSize(1);
                return null;
            });
        });
    }

    @Test
    void nullKeyIsRefusedWithTheExpression() {
        runner.run(context -> assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> context.getBean(Stock.class).tryWriteItem(null))
                .withMessageContaining("#p0")
                .withMessageContaining("tryWriteItem"));
    }

    @Test
    void fillsInLeaseAndTokenAndTokensGrow() {
        inTwo((here, there) -> {
            List<Long> tokens = new ArrayList<>();
            for (Stock stock : List.of(here, there, here, there)) {
                tokens.add(stock.token(null, null));
            }
            assertThat(tokens).isSorted().doesNotHaveDuplicates();
        });
    }

    @Test
    void noLeaseIsCurrentOutsideOfLockedMethods() {
        runner.run(context -> {
            context.getBean(Stock.class).tryWrite();
            assertThat(Leases.current()).isEmpty();
        });
    }

    @Test
    void skipsWhatItCannotLock() {
        inTwo((here, there) -> {
            whileHeld(task -> here.write(task), () -> {
                assertThat(there.skipValue()).isNull();
                assertThat(there.skipOptional()).isEmpty();
                assertThat(there.skipStage()).isCompletedWithValue(null);
            });
            assertThat(there.skipValue()).isEqualTo("ran");
            assertThat(there.skipOptional()).contains("ran");
            assertThat(there.skipStage().get(DEADLINE_S, TimeUnit.SECONDS)).isEqualTo("ran");
        });
    }

    @Test
    void callsTheFallbackWithTheArguments() {
        inTwo((here, there) -> {
            whileHeld(task -> here.write(task), () -> {
                assertThat(there.withFallback("7")).isEqualTo("later 7");
            });
            assertThat(there.withFallback("7")).isEqualTo("sold 7");
        });
    }

    @Test
    void callsNestUnderTheSameLease() {
        runner.run(context -> {
            Stock stock = context.getBean(Stock.class);
            stock.write(() -> {
                var outer = Leases.current().orElseThrow();
                stock.write(() -> assertThat(Leases.current()).containsSame(outer));
                stock.read(() -> assertThat(Leases.current()).containsSame(outer));
                return null;
            });
            stock.read(() -> stock.read(() -> "reader"));
            stock.tryWrite();
        });
    }

    @Test
    void theEndOfANestedCallDoesNotReleaseTheLock() {
        inTwo((here, there) -> here.write(() -> {
            here.write(() -> "nested");
            assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(there::tryWrite);
            return null;
        }));
    }

    @Test
    void aNestedStageKeepsTheLockAfterTheOuterCallHasEnded() {
        inTwo((here, there) -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<String> result = here.write(() -> here.stage(work));
            assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(there::tryWrite);
            work.complete("done");
            assertThat(result.get(DEADLINE_S, TimeUnit.SECONDS)).isEqualTo("done");
            there.write(() -> "free again");
        });
    }

    @Test
    void writingUnderAReadLockThrowsAtOnce() {
        runner.run(context -> {
            Stock stock = context.getBean(Stock.class);
            assertThatIllegalStateException()
                    .isThrownBy(() -> stock.read(() -> stock.write(() -> "upgraded")))
                    .withMessageContaining("/coord/locks/stock");
            stock.tryWrite();
        });
    }

    @Test
    void stageHoldsTheLockUntilItIsComplete() {
        inTwo((here, there) -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<String> result = here.stage(work);
            assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(there::tryWrite);
            work.complete("done");
            assertThat(result.get(DEADLINE_S, TimeUnit.SECONDS)).isEqualTo("done");
            there.write(() -> "free again");
        });
    }

    @Test
    void stageOfANestedCallHoldsTheLockUntilItIsComplete() {
        inTwo((here, there) -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<String> result = here.stageOfInner(work);
            assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(there::tryWrite);
            work.completeExceptionally(new IllegalStateException("broken"));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> result.get(DEADLINE_S, TimeUnit.SECONDS))
                    .withCauseInstanceOf(IllegalStateException.class);
            there.write(() -> "free again");
        });
    }

    @Test
    void lossInterruptsTheMethodAndTheCallerIsTold() {
        runner.run(context -> {
            Stock stock = context.getBean(Stock.class);
            CountDownLatch started = new CountDownLatch(1);
            Future<?> call = threads.submit(() -> {
                assertThatExceptionOfType(LockLostException.class)
                        .isThrownBy(() -> stock.write(() -> {
                            started.countDown();
                            return new CountDownLatch(1).await(DEADLINE_S, TimeUnit.SECONDS);
                        }))
                        .withMessageContaining("effects may have happened")
                        .withCauseInstanceOf(InterruptedException.class);
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            });
            assertThat(started.await(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
            loseLock(context.getBean(CoordClient.class));
            call.get(DEADLINE_S, TimeUnit.SECONDS);
            stock.tryWrite();
        });
    }

    @Test
    void interruptThatTheMethodDidNotNoticeDoesNotOutliveIt() {
        runner.run(context -> {
            CoordClient client = context.getBean(CoordClient.class);
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(() -> context.getBean(Stock.class).write(() -> {
                        loseLock(client);
                        while (!Thread.currentThread().isInterrupted()) {
                            Thread.onSpinWait();
                        }
                        return "ran to its end";
                    }))
                    .withNoCause();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @Test
    void lossIsThrownAfterTheMethodHasRunToItsEnd() {
        runner.run(context -> {
            CoordClient client = context.getBean(CoordClient.class);
            assertThatExceptionOfType(LockLostException.class)
                    .isThrownBy(() -> context.getBean(Stock.class).throwWhenLost(() -> loseLock(client), null))
                    .withNoCause();
        });
    }

    @Test
    void lossIsIgnoredWhenTheMethodSaysSo() {
        runner.run(context -> {
            CoordClient client = context.getBean(CoordClient.class);
            assertThat(context.getBean(Stock.class).ignoreLoss(() -> loseLock(client), null))
                    .isEqualTo("done");
        });
    }

    @Test
    void lossCompletesTheStageThatTheCallerHolds() {
        runner.run(context -> {
            CompletableFuture<String> work = new CompletableFuture<>();
            CompletableFuture<String> result = context.getBean(Stock.class).stage(work);
            loseLock(context.getBean(CoordClient.class));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> result.get(DEADLINE_S, TimeUnit.SECONDS))
                    .withCauseInstanceOf(LockLostException.class);
            work.complete("too late");
        });
    }

    @Test
    void serversOutOfReachAreAFailureToAcquire() {
        runner.withPropertyValues("coord.connect-string=127.0.0.1:1", "coord.request-timeout=100ms")
                .run(context -> {
                    Stock stock = context.getBean(Stock.class);
                    assertThatExceptionOfType(LockNotAcquiredException.class).isThrownBy(stock::tryWrite);
                    assertThat(stock.withFallback("7")).isEqualTo("later 7");
                });
    }

    /** Somebody deletes the holder's znode, which is what an expired session does to it. */
    private static void loseLock(CoordClient client) {
        await().until(() -> client.getChildren().forPath("/coord/locks/stock").size() == 1);
        for (String holder : client.getChildren().forPath("/coord/locks/stock")) {
            client.delete().forPath("/coord/locks/stock/" + holder);
        }
    }

    private interface Locked {
        Object run(Callable<Object> task) throws Exception;
    }

    private interface TwoApplications {
        void test(Stock here, Stock there) throws Exception;
    }

    private void inTwo(TwoApplications test) {
        runner.run(here -> runner.run(there -> test.test(here.getBean(Stock.class), there.getBean(Stock.class))));
    }

    /** Runs the body while another thread is inside a locked method. */
    private void whileHeld(Locked locked, Body body) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Future<Object> call = threads.submit(() -> locked.run(() -> {
            inside.countDown();
            return leave.await(DEADLINE_S, TimeUnit.SECONDS);
        }));
        assertThat(inside.await(DEADLINE_S, TimeUnit.SECONDS))
                .as("the other thread got the lock; its call is done: %s", call.isDone())
                .isTrue();
        body.run();
        leave.countDown();
        assertThat(call.get(DEADLINE_S, TimeUnit.SECONDS)).isEqualTo(true);
    }

    private interface Body {
        void run() throws Exception;
    }
}
