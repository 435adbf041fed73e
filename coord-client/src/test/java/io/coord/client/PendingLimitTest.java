package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.error.TooManyRequestsException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A user who takes the outcomes of calls more slowly than he makes calls. */
class PendingLimitTest extends ProxiedClientTest {
    private static final int LIMIT = 100;

    @Override
    void configure(CoordClientBuilder builder) {
        builder.maxPendingRequests(LIMIT);
    }

    @Test
    void aCallIsRefusedAtOnceWhileTooManyOutcomesWaitToBeTaken() throws Exception {
        CountDownLatch standing = new CountDownLatch(1);
        client.checkExists().forPathAsync("/").thenRun(() -> {
            try {
                standing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        CompletableFuture<?>[] accepted = new CompletableFuture<?>[LIMIT - 1];
        for (int i = 0; i < accepted.length; i++) {
            accepted[i] = client.checkExists().forPathAsync("/").toCompletableFuture();
        }
        await().until(() -> client.pendingRequests() == 0);
        CompletableFuture<?> refused = client.checkExists().forPathAsync("/").toCompletableFuture();
        assertThat(refused).isCompletedExceptionally();
        assertThatThrownBy(refused::join).cause().isInstanceOf(TooManyRequestsException.class);
        standing.countDown();
        CompletableFuture.allOf(accepted).get();
        await().untilAsserted(
                        () -> assertThat(client.checkExists().forPath("/")).isNotNull());
    }
}
