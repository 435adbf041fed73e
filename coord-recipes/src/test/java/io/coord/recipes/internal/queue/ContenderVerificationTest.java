package io.coord.recipes.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContenderVerificationTest {
    private final FakeQueue queue = new FakeQueue();

    @Test
    void looksAgainWhenTheLookFailed() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX).start();
        queue.settle();
        queue.remove(client.name());
        client.loseNextAnswer = true;
        client.core.verify();
        queue.settle();
        assertThat(client.told).containsExactly("granted", "pause 1");

        client.pauseOver();
        queue.settle();

        assertThat(client.told).containsExactly("granted", "pause 1", "lost");
    }

    @Test
    void staysInWhenTheSecondLookFindsItsNode() {
        FakeQueue.Client client = queue.client(1, QueueKind.MUTEX).start();
        queue.settle();
        queue.requests.clear();
        client.loseNextAnswer = true;
        client.core.verify();
        queue.settle();
        client.pauseOver();
        queue.settle();

        assertThat(client.told).containsExactly("granted", "pause 1");
        assertThat(queue.requests).containsExactly("read", "read");
    }
}
