package io.coord.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.coord.client.CoordClient;
import io.coord.recipes.lock.Lease;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Locked methods that return a {@code Mono} or {@code Flux}. */
@Timeout(60)
class ReactiveLocksTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

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
                .withUserConfiguration(FeedConfiguration.class)
                .withPropertyValues("coord.connect-string=" + server.connectString());
    }

    private static List<String> queue(AssertableApplicationContext context) {
        CoordClient client = context.getBean(CoordClient.class);
        return client.checkExists().forPath("/coord/locks/feed") == null
                ? List.of()
                : client.getChildren().forPath("/coord/locks/feed");
    }

    private static void awaitFree(AssertableApplicationContext context) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(queue(context)).isEmpty());
    }

    @Test
    void aCallTakesNoLockAndRunsNothingBeforeSomebodySubscribes() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            AtomicInteger calls = new AtomicInteger();
            Mono<Integer> mono = feed.mono(() -> Mono.fromSupplier(calls::incrementAndGet));
            assertThat(queue(context)).isEmpty();
            assertThat(calls).hasValue(0);
            assertThat(mono.block(DEADLINE)).isEqualTo(1);
            awaitFree(context);
            assertThat(mono.block(DEADLINE)).isEqualTo(2);
        });
    }

    @Test
    void aMonoHoldsTheLockUntilItEnds() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            Sinks.One<String> work = Sinks.one();
            AtomicBoolean begun = new AtomicBoolean();
            CompletableFuture<String> result = feed.mono(() -> work.asMono().doOnSubscribe(it -> begun.set(true)))
                    .toFuture();
            await().untilTrue(begun);
            assertThat(queue(context)).hasSize(1);
            assertThatExceptionOfType(LockNotAcquiredException.class)
                    .isThrownBy(() -> feed.tryMono().block(DEADLINE))
                    .withMessageContaining("did not get the write lock /coord/locks/feed within 0 ms");
            work.tryEmitValue("done").orThrow();
            assertThat(result).succeedsWithin(DEADLINE).isEqualTo("done");
            awaitFree(context);
        });
    }

    @Test
    void aFluxHoldsTheLockUntilItsLastElement() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            Sinks.Many<String> work = Sinks.many().unicast().onBackpressureBuffer();
            List<String> seen = new CopyOnWriteArrayList<>();
            CompletableFuture<List<String>> all =
                    feed.flux(work::asFlux).doOnNext(seen::add).collectList().toFuture();
            work.tryEmitNext("a").orThrow();
            await().until(() -> seen.contains("a"));
            assertThat(queue(context)).hasSize(1);
            work.tryEmitNext("b").orThrow();
            work.tryEmitComplete().orThrow();
            assertThat(all).succeedsWithin(DEADLINE).isEqualTo(List.of("a", "b"));
            awaitFree(context);
        });
    }

    @Test
    void anErrorLetsTheLockGo() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> feed.flux(() -> Flux.error(new IllegalStateException("broken")))
                            .blockLast(DEADLINE))
                    .withMessage("broken");
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> feed.mono(() -> {
                                throw new IllegalStateException("broken before it began");
                            })
                            .block(DEADLINE))
                    .withMessage("broken before it began");
            awaitFree(context);
        });
    }

    @Test
    void aCancelledSubscriberLetsTheLockGo() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            AtomicBoolean begun = new AtomicBoolean();
            AtomicBoolean cancelled = new AtomicBoolean();
            Disposable subscription = feed.flux(() ->
                            Flux.never().doOnSubscribe(it -> begun.set(true)).doOnCancel(() -> cancelled.set(true)))
                    .subscribe();
            await().untilTrue(begun);
            assertThat(queue(context)).hasSize(1);
            subscription.dispose();
            assertThat(cancelled).isTrue();
            awaitFree(context);
        });
    }

    @Test
    void whoGivesUpWaitingLeavesNothingBehind() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            Disposable holder = feed.mono(Mono::never).subscribe();
            await().until(() -> queue(context).size() == 1);
            Disposable waiting = feed.mono(Mono::never).subscribe();
            await().until(() -> queue(context).size() == 2);
            waiting.dispose();
            await().until(() -> queue(context).size() == 1);
            holder.dispose();
            awaitFree(context);
            // Cancelled at any moment of the acquisition.
            for (int i = 0; i < 200; i++) {
                Disposable hasty = feed.mono(Mono::never).subscribe();
                for (int spin = 0; spin < i * 500; spin++) {
                    Thread.onSpinWait();
                }
                hasty.dispose();
            }
            awaitFree(context);
        });
    }

    @Test
    void noThreadWaitsForTheLockAndTheMethodRunsOnAReactorThread() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<String> threads = new CopyOnWriteArrayList<>();
            Supplier<Mono<String>> work = () -> Mono.fromCallable(() -> {
                        threads.add(Thread.currentThread().getName());
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        return "x";
                    })
                    .delayElement(Duration.ofMillis(1))
                    .doOnNext(it -> running.decrementAndGet());
            // All subscribers come from one thread, which reactor does not let block.
            Long count = Flux.range(0, 50)
                    .publishOn(Schedulers.newSingle("one-thread"))
                    .flatMap(i -> feed.mono(work), 50)
                    .count()
                    .block(DEADLINE);
            assertThat(count).isEqualTo(50);
            assertThat(most).hasValue(1);
            assertThat(threads).hasSize(50).allMatch(name -> name.startsWith("parallel-"));
            awaitFree(context);
        });
    }

    @Test
    void anInnerSequenceWorksUnderTheLeaseOfTheOuterOne() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            Mono<Boolean> nested = feed.mono(() -> ReactiveLeases.current()
                    .flatMap(outer -> Mono.delay(Duration.ofMillis(1))
                            .then(feed.tryLease(null))
                            .map(inner -> inner == outer)));
            assertThat(nested.block(DEADLINE)).isTrue();
            assertThat(ReactiveLeases.current().block(DEADLINE)).isNull();
            awaitFree(context);
        });
    }

    @Test
    void aSequenceThatIsSubscribedToInALockedMethodWorksUnderItsLease() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            assertThat(feed.blocking(() -> feed.tryMono().block(DEADLINE))).isEqualTo("free");
            awaitFree(context);
        });
    }

    @Test
    void skipsOrFallsBackWhenTheLockIsNotToBeHad() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            Disposable holder = feed.mono(Mono::never).subscribe();
            await().until(() -> queue(context).size() == 1);
            assertThat(feed.skipped().block(DEADLINE)).isNull();
            assertThat(feed.withFallback("7").collectList().block(DEADLINE)).containsExactly("later", "7");
            holder.dispose();
            awaitFree(context);
            assertThat(feed.skipped().block(DEADLINE)).isEqualTo("ran");
            assertThat(feed.withFallback("7").collectList().block(DEADLINE)).containsExactly("now", "7");
        });
    }

    @Test
    void aLossEndsTheSequenceAtOnce() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            AtomicBoolean begun = new AtomicBoolean();
            AtomicBoolean cancelled = new AtomicBoolean();
            CompletableFuture<Object> result = feed.mono(() ->
                            Mono.never().doOnSubscribe(it -> begun.set(true)).doOnCancel(() -> cancelled.set(true)))
                    .toFuture();
            await().untilTrue(begun);
            server.expireSession(context.getBean(CoordClient.class).sessionId());
            assertThat(result).failsWithin(DEADLINE).withThrowableThat().withCauseInstanceOf(LockLostException.class);
            await().untilTrue(cancelled);
        });
    }

    @Test
    void aLossIsToldAtTheEndWhereTheMethodSaysSo() {
        runner.run(context -> {
            Feed feed = context.getBean(Feed.class);
            Sinks.One<String> work = Sinks.one();
            CompletableFuture<String> result = feed.toldAtTheEnd(work.asMono()).toFuture();
            await().until(() -> queue(context).size() == 1);
            CoordClient client = context.getBean(CoordClient.class);
            client.delete().forPath("/coord/locks/feed/" + queue(context).get(0));
            await().untilAsserted(() -> assertThat(Feed.lease.state()).hasToString("LOST"));
            assertThat(result).isNotDone();
            work.tryEmitValue("done").orThrow();
            assertThat(result).failsWithin(DEADLINE).withThrowableThat().withCauseInstanceOf(LockLostException.class);
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class FeedConfiguration {

        @Bean
        Feed feed() {
            return new Feed();
        }
    }

    static class Feed {

        static volatile @Nullable Lease lease;

        @WriteLock("feed")
        public <T> Mono<T> mono(Supplier<Mono<T>> work) {
            return work.get();
        }

        @WriteLock("feed")
        public <T> Flux<T> flux(Supplier<Flux<T>> work) {
            return work.get();
        }

        @WriteLock("feed")
        public <T> T blocking(Supplier<T> work) {
            return work.get();
        }

        @WriteLock(name = "feed", waitTime = "0")
        public Mono<String> tryMono() {
            return Mono.just("free");
        }

        @WriteLock(name = "feed", waitTime = "0")
        public Mono<Lease> tryLease(@Nullable Lease lease) {
            return Mono.justOrEmpty(lease);
        }

        @WriteLock(name = "feed", waitTime = "0", onFailure = OnFailure.SKIP)
        public Mono<String> skipped() {
            return Mono.just("ran");
        }

        @WriteLock(name = "feed", waitTime = "0", fallback = "later")
        public Flux<String> withFallback(String id) {
            return Flux.just("now", id);
        }

        Flux<String> later(String id) {
            return Flux.just("later", id);
        }

        @WriteLock(name = "feed", onLost = OnLost.THROW)
        public Mono<String> toldAtTheEnd(Mono<String> work) {
            lease = Leases.current().orElseThrow();
            lease.onLost(lost -> {});
            return work;
        }
    }
}
