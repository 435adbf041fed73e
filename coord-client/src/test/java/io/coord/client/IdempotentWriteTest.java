package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.error.BadVersionException;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.NodeExistsException;
import io.coord.protocol.data.CreateMode;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Idempotent writes that others come between, with a real ZooKeeper behind a proxy that can be cut. */
class IdempotentWriteTest extends ProxiedClientTest {
    private void cut() {
        proxy.swallowReplies(false);
        proxy.cut();
    }

    @Test
    void repeatedWriteThatWasWrittenOverDoesNotClaimThatItNeverHappened() {
        client.create().forPath("/a", new byte[] {1});
        proxy.swallowReplies(true);
        CompletableFuture<?> write = client.setData()
                .idempotent()
                .withVersion(0)
                .forPathAsync("/a", new byte[] {2})
                .toCompletableFuture();
        await().untilAsserted(() -> assertThat(other.getData().forPath("/a")).containsExactly(2));
        other.setData().forPath("/a", new byte[] {3});
        cut();

        assertThatThrownBy(write::join).cause().isInstanceOf(ConnectionLossException.class);
    }

    @Test
    void writeThatWasNotRepeatedTellsThatTheVersionDiffers() {
        client.create().forPath("/a", new byte[] {1});
        other.setData().forPath("/a", new byte[] {3});

        assertThatThrownBy(() -> client.setData().idempotent().withVersion(0).forPath("/a", new byte[] {2}))
                .isInstanceOf(BadVersionException.class);
    }

    @Test
    void repeatedCreateThatWasWrittenOverDoesNotClaimThatItNeverHappened() {
        proxy.swallowReplies(true);
        CompletableFuture<String> create =
                client.create().idempotent().forPathAsync("/a", new byte[] {1}).toCompletableFuture();
        await().untilAsserted(
                        () -> assertThat(other.checkExists().forPath("/a")).isNotNull());
        other.setData().forPath("/a", new byte[] {3});
        cut();

        assertThatThrownBy(create::join).cause().isInstanceOf(ConnectionLossException.class);
    }

    @Test
    void ephemeralNodeOfAnotherSessionIsNotTakenForOnesOwn() {
        other.create().withMode(CreateMode.EPHEMERAL).forPath("/e", new byte[] {1});

        assertThatThrownBy(() -> client.create()
                        .idempotent()
                        .withMode(CreateMode.EPHEMERAL)
                        .forPath("/e", new byte[] {1}))
                .isInstanceOf(NodeExistsException.class);
    }

    @Test
    void repeatedCreateFindsItsOwnEphemeralNode() {
        proxy.swallowReplies(true);
        CompletableFuture<String> create = client.create()
                .idempotent()
                .withMode(CreateMode.EPHEMERAL)
                .forPathAsync("/e", new byte[] {1})
                .toCompletableFuture();
        await().untilAsserted(
                        () -> assertThat(other.checkExists().forPath("/e")).isNotNull());
        cut();

        assertThat(create.join()).isEqualTo("/e");
    }
}
