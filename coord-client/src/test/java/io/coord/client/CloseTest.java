package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.client.error.ClientClosedException;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.session.SessionState;
import io.coord.protocol.data.CreateMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How a client ends: what it still does, what it refuses, and how long that takes. */
class CloseTest extends ProxiedClientTest {
    @Override
    void configure(CoordClientBuilder builder) {
        builder.sessionTimeout(Duration.ofSeconds(4));
    }

    @Test
    void letsCallsOfManyStepsFinish() {
        List<CompletableFuture<String>> creates = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            creates.add(client.create()
                    .creatingParentsIfNeeded()
                    .forPathAsync("/deep" + i + "/a/b/c/d")
                    .toCompletableFuture());
        }
        client.close();
        assertThat(creates)
                .allSatisfy(each ->
                        assertThat(each.orTimeout(20, TimeUnit.SECONDS).join()).endsWith("/a/b/c/d"));
        assertThat(other.checkExists().forPath("/deep49/a/b/c/d")).isNotNull();
    }

    @Test
    void endsTheSessionOnTheServerBeforeItReturns() {
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/mine");
        client.close();
        assertThat(client.state()).isEqualTo(SessionState.CLOSED);
        assertThat(other.checkExists().forPath("/mine")).isNull();
        assertThat(zooKeeper.server().getZKDatabase().getSessions()).doesNotContain(client.sessionId());
    }

    @Test
    void refusesNewCallsWhileOldOnesFinishOverAReconnect() throws Exception {
        client.create().forPath("/a", new byte[] {7});
        proxy.swallowReplies(true);
        CompletableFuture<byte[]> read = client.getData().forPathAsync("/a").toCompletableFuture();
        Thread closing = new Thread(() -> client.close(LONG));
        closing.start();
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> client.checkExists().forPath("/a"))
                                .isInstanceOf(ClientClosedException.class)
                                .hasMessageContaining("the client is closed"));
        assertThat(read).isNotDone();
        proxy.swallowReplies(false);
        proxy.cut();
        assertThat(read.get(20, TimeUnit.SECONDS)).containsExactly(7);
        closing.join(LONG.toMillis());
        assertThat(closing.isAlive()).isFalse();
    }

    @Test
    void tellsTheTruthAboutWhatDidNotFinish() {
        client.create().forPath("/a");
        proxy.swallowReplies(true);
        CompletableFuture<?> read = client.getData().forPathAsync("/a").toCompletableFuture();
        CompletableFuture<?> write = client.setData().forPathAsync("/a").toCompletableFuture();
        await().untilAsserted(() ->
                assertThat(other.checkExists().forPath("/a").version()).isEqualTo(1));
        client.close(Duration.ofMillis(100));
        assertThatThrownBy(() -> read.get(20, TimeUnit.SECONDS)).cause().isInstanceOf(ClientClosedException.class);
        assertThatThrownBy(() -> write.get(20, TimeUnit.SECONDS)).cause().isInstanceOf(ConnectionLossException.class);
    }

    @Test
    void doesNotWaitOnACallbackThreadAndIsClosedSoonAfter() {
        CompletableFuture<Boolean> closedInCallback = new CompletableFuture<>();
        client.checkExists().forPathAsync("/").thenRun(() -> {
            client.close();
            client.closeAsync(Duration.ofSeconds(1))
                    .thenRun(() -> closedInCallback.complete(CoordClient.isClientThread()));
        });
        assertThat(closedInCallback.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
        assertThat(client.state()).isEqualTo(SessionState.CLOSED);
    }

    @Test
    void anInterruptedCloseReturnsAndGoesOn() throws Exception {
        proxy.swallowReplies(true);
        client.getData().forPathAsync("/");
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread closing = new Thread(() -> {
            client.close(Duration.ofSeconds(3));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        closing.start();
        await().untilAsserted(() -> assertThat(closing.getState()).isEqualTo(Thread.State.TIMED_WAITING));
        closing.interrupt();
        closing.join(1_500);
        assertThat(closing.isAlive()).as("within the drain").isFalse();
        assertThat(stillInterrupted).isTrue();
        await().atMost(LONG).until(() -> client.state() == SessionState.CLOSED);
    }

    @Test
    void allWhoCloseWaitForTheSameEnd() throws Exception {
        List<Thread> closers = new ArrayList<>();
        List<SessionState> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 4; i++) {
            Thread closer = new Thread(() -> {
                client.close();
                seen.add(client.state());
            });
            closers.add(closer);
            closer.start();
        }
        for (Thread each : closers) {
            each.join(LONG.toMillis());
        }
        assertThat(seen).hasSize(4).containsOnly(SessionState.CLOSED);
    }

    @Test
    void aSuspendedClientComesBackToTakeItsEphemeralZnodesAway() {
        client.create().withMode(CreateMode.EPHEMERAL).forPath("/mine");
        proxy.refuse(true);
        proxy.cut();
        await().until(() -> client.state() == SessionState.SUSPENDED);
        proxy.refuse(false);
        client.close();
        assertThat(other.checkExists().forPath("/mine")).isNull();
    }

    @Test
    void aProtectedCreateThatLosesItsAnswerDuringTheDrainIsFoundAgain() throws Exception {
        client.create().forPath("/locks");
        proxy.swallowReplies(true);
        CompletableFuture<String> create =
                client.create().withProtection().forPathAsync("/locks/a").toCompletableFuture();
        await().untilAsserted(
                        () -> assertThat(other.getChildren().forPath("/locks")).hasSize(1));
        CompletableFuture<?> closed = client.closeAsync(LONG).toCompletableFuture();
        proxy.swallowReplies(false);
        proxy.cut();
        assertThat(other.getChildren().forPath("/locks"))
                .containsExactly(create.get(20, TimeUnit.SECONDS).substring("/locks/".length()));
        closed.get(20, TimeUnit.SECONDS);
    }
}
