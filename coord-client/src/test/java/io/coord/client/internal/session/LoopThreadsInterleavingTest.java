package io.coord.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.local.LocalIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that start and end while their shared threads are closed, many times over: a loop runs as long as anybody has it,
 * nobody gets one afterwards, and in the end all are gone.
 */
@Timeout(60)
class LoopThreadsInterleavingTest {
    private static final int ROUNDS = 60;
    private static final int CLIENTS = 3;

    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
    private final CyclicBarrier together = new CyclicBarrier(CLIENTS + 1);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void aLoopLivesAsLongAsAnybodyHasIt() throws Exception {
        Queue<EventLoop> all = new ConcurrentLinkedQueue<>();
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int delay = i * 200;
            LoopThreads shared = new LoopThreads(1, 1);
            IoHandlerFactory transport = LocalIoHandler.newFactory();
            List<Future<Boolean>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                clients.add(threads.submit(() -> {
                    together.await(20, TimeUnit.SECONDS);
                    for (int life = 0; life < 20; life++) {
                        EventLoop loop;
                        try {
                            loop = shared.acquire(transport);
                        } catch (IllegalStateException e) {
                            return true;
                        }
                        all.add(loop);
                        // Throws when the loop does not run any more.
                        loop.submit(() -> {}).get(20, TimeUnit.SECONDS);
                        shared.release();
                    }
                    return false;
                }));
            }
            threads.submit(() -> {
                together.await(20, TimeUnit.SECONDS);
                for (int spin = 0; spin < delay; spin++) {
                    Thread.onSpinWait();
                }
                shared.close();
                return null;
            });
            for (Future<Boolean> client : clients) {
                refused += client.get(20, TimeUnit.SECONDS) ? 1 : 0;
            }
        }

        assertThat(refused).isPositive();
        await().atMost(Duration.ofSeconds(20)).until(() -> all.stream().allMatch(EventLoop::isTerminated));
    }
}
