package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.AddWatchRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.transport.TransportLimits;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one client, or all of them together, may take of the server; its neighbours must not notice. */
@Timeout(60)
class ServerLimitsTest {
    private static final int LONG_NAME = 100_000;

    private static CreateRequest create(String path, byte[] data) {
        return new CreateRequest(OpCode.CREATE, path, data, Acl.OPEN, 0);
    }

    @Test
    void watchersThatTakeNoEventsAreCutOffTogetherAndTheirNeighbourGoesOn() {
        TransportLimits limits = new TransportLimits(1 << 20, 1 << 20, 0, 0, 10_000, 1L << 40, 4 << 20);
        try (SmallServer server = new SmallServer(limits);
                RawClient writer = RawClient.session(server.port)) {
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RawClient watcher = RawClient.session(server.port);
                watcher.call(1, new AddWatchRequest("/", 1));
                slow.add(watcher);
            }
            String path = "/" + "x".repeat(LONG_NAME);
            writer.call(1, create(path, null));
            int writes = 0;
            // What the sockets themselves take is some megabytes each.
            while (server.connections() > 1 && writes < 1_000) {
                assertThat(writer.call(2, new SetDataRequest(path, null, -1))
                                .header()
                                .error())
                        .isZero();
                writes++;
            }
            assertThat(server.connections()).isEqualTo(1);
            slow.forEach(RawClient::close);
        }
    }

    @Test
    void halfRequestsThatTakeTooMuchTogetherAreCutOff() {
        TransportLimits limits = new TransportLimits(1 << 20, 1 << 20, 0, 0, 10_000, 1L << 40, 1 << 20);
        try (SmallServer server = new SmallServer(limits);
                RawClient neighbour = RawClient.session(server.port)) {
            List<RawClient> halves = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                RawClient half = RawClient.session(server.port);
                half.sendBytes(Unpooled.buffer().writeInt(1_000_000).writeZero(400_000));
                halves.add(half);
            }
            await().until(() -> server.connections() < 5);
            assertThat(neighbour.call(-2, PingRequest.INSTANCE).header().error())
                    .isZero();
            halves.forEach(RawClient::close);
        }
    }

    @Test
    void oneAddressOpensNoMoreSocketsThanTheLimitAndOthersWhenSomeClose() {
        try (EmbeddedServer server =
                        EmbeddedServer.builder().port(0).maxClientConnections(2).start();
                RawClient first = RawClient.session(server.port())) {
            try (RawClient second = RawClient.session(server.port());
                    RawClient third = RawClient.open(server.port());
                    LocalClient inProcess = LocalClient.connect(server.localAddress())) {
                assertThat(third.isClosedByServer()).isTrue();
                assertThat(second.call(-2, PingRequest.INSTANCE).header().error())
                        .isZero();
                assertThat(inProcess.call(1, create("/a", null))).isZero();
            }
            await().until(() -> server.status().connections() == 1);
            try (RawClient next = RawClient.session(server.port())) {
                assertThat(next.call(-2, PingRequest.INSTANCE).header().error()).isZero();
            }
            assertThat(first.call(-2, PingRequest.INSTANCE).header().error()).isZero();
        }
    }

    @Test
    void allAddressesTogetherOpenNoMoreSocketsThanTheirLimit() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .port(0)
                        .maxClientConnections(0)
                        .maxConnections(2)
                        .start();
                RawClient first = RawClient.session(server.port())) {
            try (RawClient second = RawClient.session(server.port());
                    RawClient third = RawClient.open(server.port());
                    LocalClient inProcess = LocalClient.connect(server.localAddress())) {
                assertThat(third.isClosedByServer()).isTrue();
                assertThat(second.call(-2, PingRequest.INSTANCE).header().error())
                        .isZero();
                assertThat(inProcess.call(1, create("/a", null))).isZero();
            }
            await().until(() -> server.status().connections() == 1);
            try (RawClient next = RawClient.session(server.port())) {
                assertThat(next.call(-2, PingRequest.INSTANCE).header().error()).isZero();
            }
            assertThat(first.call(-2, PingRequest.INSTANCE).header().error()).isZero();
        }
    }

    @Test
    void beforeTheHandshakeOnlyAShortFrameIsTaken() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                RawClient stranger = RawClient.open(server.port())) {
            stranger.sendBytes(Unpooled.buffer().writeInt(1_025));
            assertThat(stranger.isClosedByServer()).isTrue();
        }
    }

    @Test
    void theLogTakesTheLongestRequestAlthoughItGrows(@TempDir Path directory) {
        int most = 10 << 20;
        assertThatThrownBy(
                        () -> EmbeddedServer.builder().maxFrameBytes(most + 1).build())
                .hasMessageContaining("maxFrameBytes is 10485761, not between 1024 and 10485760");
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .port(0)
                        .dataDir(directory)
                        .maxFrameBytes(most)
                        .start();
                RawClient client = RawClient.session(server.port())) {
            byte[] noText = new byte[most - 20];
            Arrays.fill(noText, (byte) 0xff);
            client.sendFrame(out -> {
                out.writeInt(1);
                out.writeInt(OpCode.SET_DATA.code());
                out.writeBuffer(noText);
                out.writeBuffer(null);
                out.writeInt(-1);
            });
            assertThat(client.receive().header().error()).isEqualTo(ErrorCode.BAD_ARGUMENTS.code());
            assertThat(server.status().lastZxid()).isEqualTo(2);
        }
    }

    private static EmbeddedServer impatientServer() {
        return EmbeddedServer.builder()
                .port(0)
                .tickTime(Duration.ofMillis(100))
                .maxSessionTimeout(Duration.ofSeconds(1))
                .start();
    }

    private static RawClient greedyClientOf(EmbeddedServer server) {
        RawClient greedy = RawClient.session(server.port());
        greedy.call(1, create("/large", new byte[1_000_000]));
        for (int i = 0; i < 60; i++) {
            greedy.send(2, new GetDataRequest("/large", false));
        }
        return greedy;
    }

    @Test
    void aClientThatTakesItsRepliesSlowlyKeepsItsSession() {
        try (EmbeddedServer server = impatientServer();
                RawClient slow = greedyClientOf(server)) {
            long start = System.nanoTime();
            int bytesPerMs = 8_000;
            // Four times the time-out, without a word of its own.
            for (int taken = 0; taken < 32; taken++) {
                long due = start
                        + Duration.ofMillis(taken * 1_000_000L / bytesPerMs).toNanos();
                await().pollInterval(Duration.ofMillis(10)).until(() -> System.nanoTime() - due >= 0);
                assertThat(slow.receive().header().xid()).isEqualTo(2);
            }
            assertThat(server.status().sessions()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatTakesNothingAnyMoreLosesItsSession() {
        try (EmbeddedServer server = impatientServer();
                RawClient dead = greedyClientOf(server)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> server.status().sessions() == 0);
            assertThat(dead).isNotNull();
        }
    }
}
