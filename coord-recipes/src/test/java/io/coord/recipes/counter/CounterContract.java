package io.coord.recipes.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.coord.client.CoordClient;
import io.coord.client.error.OutcomeUnknown;
import io.coord.recipes.server.RecipeContract;
import io.coord.testkit.FaultProxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicInteger;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicValue;
import org.apache.curator.retry.RetryForever;
import org.junit.jupiter.api.Test;

abstract class CounterContract extends RecipeContract {
    private static final Duration LONG_SESSION = Duration.ofSeconds(12);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void aChangeThatEndsInAnErrorReachesTheCaller() {
        DistributedAtomicLong number = new DistributedAtomicLong(client(), place("error"));
        CompletableFuture<Long> changed = onThread(() -> number.updateAndGet(current -> {
            throw new StackOverflowError("of the change");
        }));

        assertThatThrownBy(() -> changed.get(SOON.toMillis(), TimeUnit.MILLISECONDS))
                .hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(number.incrementAndGet()).isEqualTo(1);
    }

    @Test
    void countsOnceForEachOfManyCallers() {
        String path = place("count") + "/below/parents";
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            DistributedAtomicLong counter = new DistributedAtomicLong(client(), path);
            for (int i = 0; i < 25; i++) {
                all.add(counter.addAndGetAsync(1).toCompletableFuture());
            }
        }
        List<Long> seen = new ArrayList<>();
        all.forEach(each -> seen.add(get(each)));

        Collections.sort(seen);
        List<Long> expected = new ArrayList<>();
        for (long i = 1; i <= 100; i++) {
            expected.add(i);
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(new DistributedAtomicLong(client(), path).get()).isEqualTo(100);
    }

    @Test
    void thoseWhoLoseOftenQueueUp() {
        String path = place("promoted");
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            DistributedAtomicLong counter = DistributedAtomicLong.promoted(client(), path, SOON, path + "-locks");
            for (int i = 0; i < 20; i++) {
                all.add(counter.addAndGetAsync(1).toCompletableFuture());
            }
        }
        all.forEach(each -> get(each));

        assertThat(new DistributedAtomicLong(client(), path).get()).isEqualTo(80);
    }

    @Test
    void saysWhenOthersAreAlwaysFaster() {
        String path = place("contended");
        CoordClient client = client();
        CoordClient other = client();
        client.create().forPath(path, bytes("0"));
        var value =
                io.coord.recipes.counter.DistributedAtomicValue.promoted(client, path, Duration.ofMillis(300), null);

        // When its time is over in the middle of a write, that write is in doubt; so it may take several attempts.
        soon().until(() -> {
            Throwable failure = catchThrowable(() -> get(value.updateAndGetAsync(current -> {
                        CompletionStage<?> written = other.setData().forPathAsync(path, bytes("theirs"));
                        while (!written.toCompletableFuture().isDone()) {
                            Thread.onSpinWait();
                        }
                        return bytes("ours");
                    })
                    .toCompletableFuture()));
            assertThat(failure).isInstanceOfAny(ContendedException.class, OutcomeUnknown.class);
            return failure instanceof ContendedException;
        });
        assertThat(text(client.getData().forPath(path))).isEqualTo("theirs");
    }

    @Test
    void comparesSetsAndInitializes() {
        DistributedAtomicLong counter = new DistributedAtomicLong(client(), place("long"));

        assertThat(counter.get()).isZero();
        assertThat(counter.compareAndSet(0, 5)).isFalse();
        assertThat(counter.initialize(3)).isTrue();
        assertThat(counter.initialize(4)).isFalse();
        assertThat(counter.compareAndSet(4, 5)).isFalse();
        assertThat(counter.compareAndSet(3, 5)).isTrue();
        assertThat(counter.updateAndGet(number -> number * 2)).isEqualTo(10);
        assertThat(counter.decrementAndGet()).isEqualTo(9);
        counter.set(Long.MIN_VALUE);
        assertThat(counter.get()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void refusesWhatIsNoNumber() {
        String path = place("text");
        client().create().forPath(path, bytes("12"));
        DistributedAtomicLong counter = new DistributedAtomicLong(client(), path);

        assertThatThrownBy(counter::incrementAndGet).isInstanceOf(CounterFormatException.class);
        assertThatThrownBy(counter::get).isInstanceOf(CounterFormatException.class);
        assertThat(text(client().getData().forPath(path))).isEqualTo("12");
    }

    /** Answers get lost again and again; no increment counts twice, and none that succeeded is missing. */
    @Test
    void countsNothingTwiceWhenAnswersGetLost() {
        String path = place("lossy");
        FaultProxy proxy = proxy();
        DistributedAtomicLong counter = new DistributedAtomicLong(client(proxy, LONG_SESSION), path);
        DistributedAtomicLong undisturbed = new DistributedAtomicLong(client(), path);
        int certain = 0;
        int unknown = 0;
        for (int i = 0; i < 60; i++) {
            CompletionStage<Long> counted = counter.addAndGetAsync(1);
            if (i % 3 == 0) {
                proxy.cut();
            }
            undisturbed.addAndGet(1_000);
            try {
                get(counted.toCompletableFuture());
                certain++;
            } catch (RuntimeException e) {
                assertThat(e).isInstanceOf(OutcomeUnknown.class);
                unknown++;
            }
        }

        long sum = undisturbed.get();
        assertThat(sum / 1_000).isEqualTo(60);
        assertThat(sum % 1_000).isBetween((long) certain, (long) certain + unknown);
        assertThat(certain).isGreaterThan(30);
    }

    @Test
    void curatorCountsOnTheSameZnode() throws Exception {
        String path = place("beside");
        DistributedAtomicLong ours = new DistributedAtomicLong(client(), path);
        var theirs = new org.apache.curator.framework.recipes.atomic.DistributedAtomicLong(
                curator(), path, new RetryForever(1));
        CompletableFuture<Void> theirCounting = onThread(() -> {
            for (int i = 0; i < 50; i++) {
                try {
                    assertThat(theirs.increment().succeeded()).isTrue();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        });
        for (int i = 0; i < 50; i++) {
            ours.incrementAndGet();
        }
        get(theirCounting);

        assertThat(ours.get()).isEqualTo(100);
        assertThat(theirs.get().postValue()).isEqualTo(100);
        assertThat(theirs.compareAndSet(100L, 7L).succeeded()).isTrue();
        assertThat(ours.compareAndSet(7, 8)).isTrue();
        var value = new DistributedAtomicValue(curator(), place("value"), new RetryForever(1));
        assertThat(value.trySet(bytes("a")).succeeded()).isTrue();
    }

    /** Curator has a counter of four bytes besides that of eight; here it is a value of which the application knows the form. */
    @Test
    void anIntegerOfCuratorsIsAValueOfFourBytes() throws Exception {
        String path = place("integer");
        var theirs = new DistributedAtomicInteger(curator(), path, new RetryForever(1));
        var ours = new io.coord.recipes.counter.DistributedAtomicValue(client(), path);
        assertThat(theirs.trySet(41).succeeded()).isTrue();

        byte[] next = ours.updateAndGet(bytes -> ByteBuffer.allocate(Integer.BYTES)
                .putInt(ByteBuffer.wrap(bytes).getInt() + 1)
                .array());

        assertThat(ByteBuffer.wrap(next).getInt()).isEqualTo(42);
        assertThat(theirs.increment().postValue()).isEqualTo(43);
        SharedCount followed = closing(new SharedCount(client(), path, 0)).start();
        assertThat(followed.awaitReady(SOON)).isTrue();
        assertThat(followed.get()).isEqualTo(43);
    }

    @Test
    void everybodyFollowsASharedValue() {
        String path = place("shared");
        SharedValue one =
                closing(new SharedValue(client(), path, bytes("seed"))).start();
        SharedValue two =
                closing(new SharedValue(client(), path, bytes("other"))).start();
        assertThat(one.awaitReady(SOON)).isTrue();
        assertThat(two.awaitReady(SOON)).isTrue();
        assertThat(two.get()).isEqualTo(one.get());
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        two.addListener(value -> told.add(text(value.bytes())));
        one.set(bytes("1"));
        assertThat(text(one.get())).isEqualTo("1");
        soon().until(() -> text(two.get()).equals("1"));
        VersionedValue seen = two.versioned();
        VersionedValue changed = two.trySet(seen, bytes("2")).orElseThrow();
        assertThat(two.versioned()).isEqualTo(changed);

        assertThat(one.trySet(seen, bytes("3"))).isEmpty();
        soon().until(() -> told.contains("2"));
        assertThat(told).doesNotContain("3");
    }

    @Test
    void aSharedValueIsNotTakenForThatOfAZnodeThatWasMadeAgain() {
        String path = place("again");
        CoordClient client = client();
        SharedValue value =
                closing(new SharedValue(client(), path, bytes("seed"))).start();
        value.awaitReady(SOON);
        value.set(bytes("old"));
        client.delete().forPath(path);

        soon().until(() -> text(value.get()).equals("seed"));
        assertThat(client.getData().forPath(path)).isEqualTo(bytes("seed"));
    }

    @Test
    void curatorSharesTheSameNumber() throws Exception {
        String path = place("number");
        SharedCount ours = closing(new SharedCount(client(), path, 3)).start();
        assertThat(ours.awaitReady(SOON)).isTrue();
        var theirs = closing(new org.apache.curator.framework.recipes.shared.SharedCount(curator(), path, 9));
        theirs.start();
        assertThat(theirs.getCount()).isEqualTo(3);
        theirs.setCount(4);
        soon().until(() -> ours.get() == 4);
        ours.set(5);
        soon().until(() -> theirs.getCount() == 5);

        assertThat(theirs.trySetCount(theirs.getVersionedValue(), 6)).isTrue();
        soon().until(() -> ours.get() == 6);
        Optional<VersionedValue> set = ours.trySet(ours.versioned(), 7);
        assertThat(set).isPresent();
        assertThat(ours.numberOf(set.orElseThrow())).isEqualTo(7);
    }
}
