package io.coord.recipes.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A core that grants and a caller who cancels at the same moment, a thousand times: what was granted is either the caller's
 * or given back, never both and never neither, or a lock would be held by nobody for ever.
 */
@Timeout(60)
class CallerStagesInterleavingTest {
    private static final int ROUNDS = 1_000;

    private final CoordClient client =
            CoordClient.builder().connectString("localhost:1").build();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final CyclicBarrier together = new CyclicBarrier(2);

    @AfterEach
    void stop() {
        threads.shutdownNow();
        client.close();
    }

    @Test
    void whatIsGrantedIsTheCallersOrGivenBack() throws Exception {
        race((call, givenBack) -> CallerStages.pending(
                client, call, new CompletableFuture<>(), lease -> lease, lease -> givenBack.release()));
    }

    @Test
    void whatSomebodyTakesNoteOfBeforeIsTheCallersOrGivenBack() throws Exception {
        race((call, givenBack) -> CallerStages.noting(call, lease -> {}, lease -> givenBack.release()));
    }

    private void race(BiFunction<CompletableFuture<String>, Semaphore, CompletableFuture<String>> made)
            throws Exception {
        int callers = 0;
        int returned = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int delay = i % 61;
            Semaphore givenBack = new Semaphore(0);
            CompletableFuture<String> call = new CompletableFuture<>();
            CompletableFuture<String> stage = made.apply(call, givenBack);
            Future<Boolean> granted = threads.submit(() -> {
                together.await(20, TimeUnit.SECONDS);
                spin(delay * 10);
                return call.complete("lease");
            });
            Future<Boolean> cancelled = threads.submit(() -> {
                together.await(20, TimeUnit.SECONDS);
                spin(600 - delay * 10);
                return stage.cancel(false);
            });
            boolean isGranted = granted.get(20, TimeUnit.SECONDS);
            boolean isCancelled = cancelled.get(20, TimeUnit.SECONDS);
            if (!isCancelled) {
                assertThat(stage.join()).isEqualTo("lease");
                callers++;
            } else if (isGranted) {
                // Given back on a callback thread, perhaps a moment later.
                assertThat(givenBack.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                returned++;
            } else {
                assertThat(call).isCancelled();
            }
            assertThat(givenBack.availablePermits())
                    .as("given back, and not only once")
                    .isZero();
        }

        assertThat(callers + returned).isPositive();
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
