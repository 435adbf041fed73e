package io.coord.server.internal.runtime;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateThreadTest {
    private final AtomicReference<@Nullable Throwable> defect = new AtomicReference<>();
    private final StateThread thread = new StateThread(defect::set);

    @AfterEach
    void stop() throws InterruptedException {
        assertThat(thread.stop().await(10, SECONDS)).isTrue();
        assertThat(defect.get()).isNull();
    }

    @Test
    void isWokenByEachMessageThatFindsItAsleep() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            int number = i;
            thread.offer(() -> answer.complete(number));
            assertThat(answer.get(10, SECONDS)).isEqualTo(number);
        }
    }

    @Test
    void isWokenByAThreadThatIsInterrupted() throws Exception {
        for (int i = 0; i < 100; i++) {
            CountDownLatch done = new CountDownLatch(1);
            Thread interrupted = new Thread(() -> {
                Thread.currentThread().interrupt();
                thread.offer(done::countDown);
            });
            interrupted.start();
            assertThat(done.await(10, SECONDS)).isTrue();
        }
    }

    @Test
    void losesNoMessageOfSeveralThreads() throws Exception {
        int threads = 4;
        int messages = 5_000;
        CountDownLatch received = new CountDownLatch(threads * messages);
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread sender = new Thread(() -> {
                for (int j = 0; j < messages; j++) {
                    thread.offer(received::countDown);
                    if (j % 50 == 0) {
                        Thread.onSpinWait();
                    }
                }
            });
            sender.start();
            senders.add(sender);
        }
        assertThat(received.await(30, SECONDS)).isTrue();
        for (Thread each : senders) {
            each.join();
        }
    }

    @Test
    void runsWhatWasScheduledWhileNothingElseHappens() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        thread.schedule(done::countDown, 20);
        assertThat(done.await(10, SECONDS)).isTrue();
    }
}
