package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.pipeline.Limits;
import io.coord.server.internal.transport.TransportLimits;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not take what they asked for, or say it slowly: they pay for it, the server's memory does not. */
@Timeout(90)
class SlowClientsTest {
    private static final int LARGE = 500_000;
    private static final int CHILDREN = 5_000;
    private static final int REQUESTS = 20_000;
    private static final long MOST_GROWTH = 24L << 20;
    /** So few that a client's replies do not fit into what the system buffers for it. */
    private static final Limits FEW = new Limits(64, 1 << 20, 100, 1 << 20);

    private static final Duration LONG = Duration.ofSeconds(20);

    private static TransportLimits limits(long handshakeTimeoutMs, long maxPendingBytes) {
        return new TransportLimits(1 << 20, 1 << 20, 0, 0, handshakeTimeoutMs, maxPendingBytes, 64L << 20);
    }

    private static CreateRequest create(String path, byte[] data) {
        return new CreateRequest(OpCode.CREATE, path, data, Acl.OPEN, 0);
    }

    private static void assertServed(RawClient neighbour) {
        assertThat(neighbour
                        .call(7, new GetDataRequest("/zookeeper", false))
                        .header()
                        .error())
                .isZero();
        assertThat(neighbour.call(8, new SetDataRequest("/", null, -1)).header().error())
                .isZero();
    }

    /** Sends until the server has it all or the socket is closed; blocks while the server does not read. */
    private static CompletableFuture<Void> pipeline(RawClient client, Request request, int count, AtomicInteger sent) {
        return CompletableFuture.runAsync(() -> {
            try {
                for (int i = 1; i <= count; i++) {
                    client.send(i, request);
                    sent.set(i);
                }
            } catch (UncheckedIOException e) {
                // Closed: the test is over, or the server has had enough.
            }
        });
    }

    private static void neverReads(Request request, EmbeddedServer server) {
        RawClient greedy = RawClient.session(server.port());
        try (RawClient neighbour = RawClient.session(server.port())) {
            long before = UsedMemory.afterCollection();
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Void> sending = pipeline(greedy, request, REQUESTS, sent);
            await().atMost(LONG).until(() -> server.status().bufferedBytes() > LARGE / 2);
            for (int i = 0; i < 50; i++) {
                assertServed(neighbour);
                assertThat(server.status().bufferedBytes()).isLessThan(3L << 20);
            }
            assertThat(UsedMemory.afterCollection() - before).isLessThan(MOST_GROWTH);
            greedy.close();
            sending.join();
            await().atMost(LONG).until(() -> server.status().bufferedBytes() == 0);
            assertThat(server.status().cutOffConnections()).isZero();
            assertServed(neighbour);
        } finally {
            greedy.close();
        }
    }

    @Test
    void aClientThatAsksForDataAndNeverReadsIsNotAnsweredAnyFurther() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                RawClient writer = RawClient.session(server.port())) {
            writer.call(1, create("/large", new byte[LARGE]));
            neverReads(new GetDataRequest("/large", false), server);
        }
    }

    @Test
    void aClientThatAsksForChildrenAndNeverReadsIsNotAnsweredAnyFurther() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                RawClient writer = RawClient.session(server.port())) {
            String prefix = "/" + "c".repeat(90);
            for (int i = 0; i < CHILDREN; i++) {
                writer.send(i, create(prefix + i, null));
            }
            for (int i = 0; i < CHILDREN; i++) {
                writer.receive();
            }
            neverReads(new GetChildrenRequest(OpCode.GET_CHILDREN2, "/", false), server);
        }
    }

    @Test
    void aWatcherThatTakesNoEventsIsCutOffAndThatIsLoggedAndCounted() {
        try (SmallServer server = new SmallServer(limits(10_000, 2 << 20));
                LogLines log = new LogLines("io.coord.server.internal.transport");
                RawClient writer = RawClient.session(server.port);
                RawClient watcher = RawClient.session(server.port)) {
            watcher.call(1, new AddWatchRequest("/", 1));
            String path = "/" + "x".repeat(100_000);
            writer.call(1, create(path, null));
            int writes = 0;
            while (server.connections() == 2 && writes < 1_000) {
                writer.call(2, new SetDataRequest(path, null, -1));
                assertThat(server.bufferedBytes()).isLessThan(3L << 20);
                writes++;
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.cutOffConnections()).isEqualTo(1);
            assertThat(log.lines()).anyMatch(line -> line.startsWith("WARN") && line.contains("of events wait for it"));
            assertServed(writer);
        }
    }

    @Test
    void aClientThatAsksForMoreThanMayWaitAndNeverReadsLosesItsSession() {
        try (SmallServer server = new SmallServer(limits(10_000, 1 << 20), FEW, 600);
                RawClient greedy = RawClient.session(server.port)) {
            askBehindAWrite(greedy, server);
            await().atMost(LONG).until(() -> server.connections() == 0);
            assertThat(server.heldBytes()).isZero();
        }
    }

    /** As many reads of something large as may wait, behind a write. */
    private static void askBehindAWrite(RawClient client, SmallServer server) {
        client.call(1, create("/large", new byte[LARGE]));
        server.replicator.hold();
        assertThat(server.heldBytes()).as("asked behind the hold").isZero();
        client.send(1, new SetDataRequest("/", null, -1));
        int reads = FEW.outstandingPerConnection() - 1;
        for (int i = 1; i <= reads; i++) {
            client.send(1 + i, new GetDataRequest("/large", false));
        }
        await().atMost(LONG).until(() -> server.heldBytes() >= reads * 19L);
        server.replicator.release();
    }

    @Test
    void aRequestThatComesByteByByteDoesNotKeepItsSessionAlive() {
        int timeoutMs = 600;
        try (SmallServer server = new SmallServer(limits(10_000, 1 << 20), Limits.ofHeap(1 << 30), timeoutMs);
                RawClient slow = RawClient.session(server.port)) {
            slow.sendBytes(Unpooled.buffer().writeInt(100_000));
            long start = System.nanoTime();
            await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> {
                try {
                    slow.sendBytes(Unpooled.buffer().writeByte(0));
                } catch (UncheckedIOException e) {
                    return true;
                }
                return server.connections() == 0;
            });
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(timeoutMs / 2));
            assertThat(server.bufferedBytes()).isZero();
        }
    }

    @Test
    void aHandshakeThatComesByteByByteIsGivenUp() {
        try (SmallServer server = new SmallServer(limits(400, 1 << 20));
                RawClient slow = RawClient.open(server.port)) {
            slow.sendBytes(Unpooled.buffer().writeInt(44));
            AtomicInteger sent = new AtomicInteger();
            await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> {
                try {
                    slow.sendBytes(Unpooled.buffer().writeByte(0));
                    sent.incrementAndGet();
                } catch (UncheckedIOException e) {
                    return true;
                }
                return server.connections() == 0;
            });
            assertThat(sent).hasValueLessThan(44);
        }
    }

    @Test
    void thousandsOfConnectionsThatSayNothingCostLittleAndAreClosed() throws IOException {
        int count = 3_000;
        List<SocketChannel> silent = new ArrayList<>();
        try (SmallServer server = new SmallServer(limits(6_000, 1 << 20));
                RawClient neighbour = RawClient.session(server.port)) {
            long before = UsedMemory.afterCollection();
            for (int i = 0; i < count; i++) {
                SocketChannel each =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port));
                if (i % 2 == 0) {
                    each.write(ByteBuffer.wrap(new byte[] {0, 0, 0}));
                }
                silent.add(each);
            }
            assertServed(neighbour);
            // Both ends of each are in this process.
            assertThat((UsedMemory.afterCollection() - before) / count).isLessThan(16_384);
            await().atMost(LONG).until(() -> server.connections() == 1);
            assertThat(server.bufferedBytes()).isZero();
            assertThat(neighbour.call(-2, PingRequest.INSTANCE).header().error())
                    .isZero();
        } finally {
            for (SocketChannel each : silent) {
                each.close();
            }
        }
    }
}
