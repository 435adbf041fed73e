package io.coord.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.InterruptedWriteException;
import io.coord.client.error.NoNodeException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A thread that waits, the network thread that writes and answers, and a third that interrupts, let loose at the same moment
 * a thousand times: what the waiter is told is always true of what the network thread did.
 */
@Timeout(60)
class BlockingResultInterleavingTest {
    private static final int ROUNDS = 1_000;

    /** What the waiter was told. */
    private enum Told {
        VALUE,
        FAILURE,
        NEVER_SENT,
        UNKNOWN
    }

    /** What the network thread did, and whether its outcome was taken. */
    private record Done(boolean written, boolean taken) {}

    private final ExecutorService threads = Executors.newFixedThreadPool(3);
    private final CyclicBarrier together = new CyclicBarrier(3);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static Told await(BlockingResult<String> result) {
        try {
            assertThat(result.await()).isEqualTo("answer");
            return Told.VALUE;
        } catch (InterruptedWriteException e) {
            return Told.UNKNOWN;
        } catch (CallInterruptedException e) {
            return Told.NEVER_SENT;
        } catch (NoNodeException e) {
            return Told.FAILURE;
        }
    }

    private static Done work(BlockingResult<String> result, boolean succeeds) {
        if (!result.beforeWrite()) {
            return new Done(false, false);
        }
        if (succeeds) {
            return new Done(true, result.succeed("answer"));
        }
        result.fail(new NoNodeException("setData", "/a"));
        return new Done(true, false);
    }

    @Test
    void whatTheWaiterIsToldIsTrue() throws Exception {
        Map<Told, Integer> counts = new EnumMap<>(Told.class);
        for (int i = 0; i < ROUNDS; i++) {
            boolean succeeds = i % 3 != 0;
            int delay = i % 97;
            Handover handover = new Handover();
            Future<Told> waiter = threads.submit(() -> {
                BlockingResult<String> result = new BlockingResult<>("setData", "/a", TimeUnit.SECONDS.toNanos(20));
                handover.result = result;
                handover.waiter = Thread.currentThread();
                meet();
                try {
                    return await(result);
                } finally {
                    // Interrupts of this round must not reach the next.
                    handover.interrupted.orTimeout(20, TimeUnit.SECONDS).join();
                    Thread.interrupted();
                }
            });
            Future<Done> network = threads.submit(() -> {
                meet();
                spin(delay * 20);
                return work(handover.result, succeeds);
            });
            threads.submit(() -> {
                meet();
                spin(97 * 20 - delay * 20);
                handover.waiter.interrupt();
                handover.interrupted.complete(null);
                return null;
            });
            Told told = get(waiter);
            Done done = get(network);
            counts.merge(told, 1, Integer::sum);

            switch (told) {
                case VALUE -> assertThat(done).isEqualTo(new Done(true, true));
                case FAILURE -> assertThat(done.written() && !succeeds).isTrue();
                case NEVER_SENT -> assertThat(done).isEqualTo(new Done(false, false));
                case UNKNOWN -> assertThat(done).isEqualTo(new Done(true, false));
            }
        }

        assertThat(counts).containsKeys(Told.VALUE, Told.NEVER_SENT);
    }

    private void meet() throws InterruptedException, BrokenBarrierException, TimeoutException {
        together.await(20, TimeUnit.SECONDS);
    }

    private static <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    private static final class Handover {
        volatile BlockingResult<String> result;
        volatile Thread waiter;
        final CompletableFuture<Void> interrupted = new CompletableFuture<>();
    }
}
