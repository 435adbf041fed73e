package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.pipeline.Limits;
import io.coord.server.internal.transport.TransportLimits;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log that is slower than its clients: their sockets are not read, and nobody loses a session or an answer for that. */
@Timeout(60)
class ThrottlingTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int SESSION_TIMEOUT_MS = 1_000;
    private static final int DATA_BYTES = 4_000;
    /** More than the sockets' own buffers take. */
    private static final int WRITES = 5_000;

    private static SmallServer server(Limits limits) {
        return new SmallServer(
                new TransportLimits(1 << 20, 1 << 20, 0, 0, 10_000, 1 << 20, 64L << 20), limits, SESSION_TIMEOUT_MS);
    }

    private static CompletableFuture<Void> write(RawClient client, AtomicInteger sent) {
        return CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= WRITES; i++) {
                client.send(i, new SetDataRequest("/", new byte[DATA_BYTES], -1));
                sent.set(i);
            }
        });
    }

    /** Three times the time-out, in which the neighbour talks and is answered. */
    private static void outlastTheTimeout(RawClient neighbour) {
        long end = System.nanoTime() + Duration.ofMillis(3 * SESSION_TIMEOUT_MS).toNanos();
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> {
            assertThat(neighbour
                            .call(3, new GetDataRequest("/", false))
                            .header()
                            .error())
                    .isZero();
            return System.nanoTime() - end > 0;
        });
    }

    private static void assertAllAnsweredInOrder(RawClient client) {
        for (int i = 1; i <= WRITES; i++) {
            RawClient.Frame reply = client.receive();
            assertThat(reply.header().xid()).isEqualTo(i);
            assertThat(reply.header().error()).isZero();
        }
    }

    @Test
    void aClientAtItsLimitIsNotReadKeepsItsSessionAndIsAnsweredInTheEnd() {
        int limit = 100;
        try (SmallServer server = server(new Limits(limit, 1L << 30, 1 << 20, 1L << 30));
                RawClient neighbour = RawClient.session(server.port);
                RawClient writer = RawClient.session(server.port)) {
            writer.call(0, new CreateRequest(OpCode.CREATE, "/mine", null, Acl.OPEN, 1));
            server.replicator.hold();
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Void> writing = write(writer, sent);
            await().atMost(LONG).until(() -> server.heldBytes() >= (long) limit * DATA_BYTES);
            outlastTheTimeout(neighbour);
            assertThat(server.heldBytes()).isLessThan(2L * limit * DATA_BYTES);
            assertThat(sent).as("the socket is not read").hasValueLessThan(WRITES);
            server.replicator.release();
            assertAllAnsweredInOrder(writer);
            writing.join();
            assertThat(server.heldBytes()).isZero();
            assertThat(writer.call(0, new ExistsRequest("/mine", false))
                            .header()
                            .error())
                    .as("the session and its ephemeral")
                    .isZero();
        }
    }

    @Test
    void allWritersTogetherAreHeldAndReadersAreServed() {
        long most = 2L << 20;
        try (SmallServer server = server(new Limits(1 << 20, 1L << 30, 1 << 20, most));
                RawClient reader = RawClient.session(server.port);
                RawClient one = RawClient.session(server.port);
                RawClient other = RawClient.session(server.port)) {
            server.replicator.hold();
            AtomicInteger sentByOne = new AtomicInteger();
            AtomicInteger sentByOther = new AtomicInteger();
            CompletableFuture<Void> writingOne = write(one, sentByOne);
            CompletableFuture<Void> writingOther = write(other, sentByOther);
            await().atMost(LONG).until(() -> server.heldBytes() >= most - 2 * DATA_BYTES);
            outlastTheTimeout(reader);
            assertThat(server.heldBytes()).isLessThan(most + (1 << 20));
            assertThat(sentByOne).hasValueLessThan(WRITES);
            assertThat(sentByOther).hasValueLessThan(WRITES);
            server.replicator.release();
            CompletableFuture<Void> readingOther = CompletableFuture.runAsync(() -> assertAllAnsweredInOrder(other));
            assertAllAnsweredInOrder(one);
            readingOther.join();
            writingOne.join();
            writingOther.join();
            assertThat(server.heldBytes()).isZero();
        }
    }

    @Test
    void afterThrottlingAClientThatFallsSilentExpiresAsAnyOther() {
        try (SmallServer server = server(new Limits(10, 1L << 30, 1 << 20, 1L << 30));
                RawClient neighbour = RawClient.session(server.port);
                RawClient writer = RawClient.session(server.port)) {
            server.replicator.hold();
            for (int i = 0; i < 20; i++) {
                writer.send(i, new SetDataRequest("/", null, -1));
            }
            outlastTheTimeout(neighbour);
            assertThat(server.connections()).isEqualTo(2);
            server.replicator.release();
            outlastTheTimeout(neighbour);
            await().atMost(LONG).until(() -> {
                assertThat(neighbour
                                .call(3, new GetDataRequest("/", false))
                                .header()
                                .error())
                        .isZero();
                return server.connections() == 1;
            });
        }
    }
}
