package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CloseSessionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.WatcherEvent;
import io.coord.protocol.wire.WireReader;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedServerTest {
    private static CreateRequest create(String path) {
        return new CreateRequest(OpCode.CREATE, path, new byte[] {1}, Acl.OPEN, 0);
    }

    private static int errorOf(RawClient client, CreateRequest request) {
        return client.call(1, request).header().error();
    }

    @Test
    void servesOverASocket() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                RawClient client = RawClient.session(server.port())) {
            assertThat(server.connectString()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(errorOf(client, create("/a"))).isZero();
            assertThat(server.status()).isEqualTo(new ServerStatus(2, 1, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0, true));
        }
    }

    @Test
    void aConnectionThatClosesItsSessionIsClosedByTheServer() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                RawClient client = RawClient.session(server.port())) {
            assertThat(client.call(1, CloseSessionRequest.INSTANCE).header().error())
                    .isZero();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(server.status().sessions()).isZero();
        }
    }

    @Test
    void anEventReachesAnotherClientBeforeTheNewDataDoes() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                RawClient watcher = RawClient.session(server.port());
                RawClient writer = RawClient.session(server.port())) {
            writer.call(1, create("/a"));
            watcher.call(1, new GetDataRequest("/a", true));
            writer.call(2, new SetDataRequest("/a", null, -1));
            watcher.send(2, new GetDataRequest("/a", false));
            RawClient.Frame event = watcher.receive();

            assertThat(event.header().xid()).isEqualTo(-1);
            assertThat(event.header().zxid()).isEqualTo(4);
            assertThat(WatcherEvent.decode(new WireReader(event.body()))).isEqualTo(new WatcherEvent(3, 3, "/a"));
            assertThat(watcher.receive().header().xid()).isEqualTo(2);
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterARestart(@TempDir Path directory) {
        ConnectResponse handshake;
        try (EmbeddedServer server =
                        EmbeddedServer.builder().port(0).dataDir(directory).start();
                RawClient client = RawClient.open(server.port())) {
            handshake = client.connect(0, new byte[16]);
            for (int i = 0; i < 200; i++) {
                assertThat(errorOf(client, create("/n" + i))).isZero();
            }
            client.call(1, new CreateRequest(OpCode.CREATE, "/e", null, Acl.OPEN, 1));
        }
        try (EmbeddedServer server =
                        EmbeddedServer.builder().port(0).dataDir(directory).start();
                RawClient client = RawClient.open(server.port())) {
            ConnectResponse again = client.connect(handshake.sessionId(), handshake.passwd());
            assertThat(again.sessionId()).isEqualTo(handshake.sessionId());
            assertThat(server.status().lastZxid()).isEqualTo(202);
            assertThat(client.call(1, new ExistsRequest("/e", false)).header().error())
                    .isZero();
            assertThat(client.call(1, new ExistsRequest("/n199", false))
                            .header()
                            .error())
                    .isZero();
            assertThat(errorOf(client, create("/n0"))).isEqualTo(ErrorCode.NODE_EXISTS.code());
        }
    }

    @Test
    void aDirectoryServesOneServerAtATime(@TempDir Path directory) {
        try (EmbeddedServer server =
                EmbeddedServer.builder().port(0).dataDir(directory).start()) {
            assertThat(server.port()).isPositive();
            EmbeddedServer second =
                    EmbeddedServer.builder().port(0).dataDir(directory).build();
            assertThatThrownBy(second::start)
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining(directory.toString());
        }
    }

    @Test
    void aDirectoryThatCannotBeOneIsNamed(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> EmbeddedServer.builder().dataDir(file).start())
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() ->
                        EmbeddedServer.builder().dataDir(file.resolve("data")).start())
                .hasMessageContaining(file + ": not a directory");
    }

    @Test
    void aHostThatIsUnknownIsCalledSo() {
        assertThatThrownBy(() ->
                        EmbeddedServer.builder().host("nosuch.invalid").port(0).start())
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessage("Cannot listen on nosuch.invalid:0: unknown host");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            EmbeddedServer.builder().port(taken.getLocalPort()).start())
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void withoutAPortOnlyThisProcessCanConnect() {
        try (EmbeddedServer server = EmbeddedServer.builder().start();
                LocalClient client = LocalClient.connect(server.localAddress())) {
            assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(server::connectString).isInstanceOf(IllegalStateException.class);
            assertThat(client.call(1, create("/a"))).isZero();
            assertThat(client.call(2, create("/a"))).isEqualTo(ErrorCode.NODE_EXISTS.code());
            assertThat(client.call(3, new GetChildrenRequest(OpCode.GET_CHILDREN2, "/", false)))
                    .isZero();
        }
    }

    @Test
    void bothTransportsReachTheSameState() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                LocalClient inProcess = LocalClient.connect(server.localAddress());
                RawClient socket = RawClient.session(server.port())) {
            assertThat(inProcess.call(1, create("/a"))).isZero();
            assertThat(errorOf(socket, create("/a"))).isEqualTo(ErrorCode.NODE_EXISTS.code());
        }
    }

    @Test
    void anExpiredSessionLosesItsConnectionAndEphemerals() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                RawClient client = RawClient.open(server.port())) {
            long session = client.connect(0, new byte[16]).sessionId();
            client.call(1, new CreateRequest(OpCode.CREATE, "/e", null, Acl.OPEN, 1));

            assertThat(server.expireSession(session).get()).isTrue();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(server.status().ephemerals()).isZero();
            assertThat(server.expireSession(session).get()).isFalse();
        }
    }

    @Test
    void aSilentSessionExpires() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .port(0)
                        .tickTime(Duration.ofMillis(20))
                        .maxSessionTimeout(Duration.ofMillis(100))
                        .start();
                RawClient client = RawClient.session(server.port())) {
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(server.status().sessions()).isZero();
        }
    }

    @Test
    void emptiedContainersAreRemoved() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .port(0)
                        .containerCheckInterval(Duration.ofMillis(20))
                        .start();
                RawClient client = RawClient.session(server.port())) {
            client.call(1, new CreateRequest(OpCode.CREATE_CONTAINER, "/c", null, Acl.OPEN, 4));
            client.call(2, create("/c/x"));
            client.call(3, new io.coord.protocol.request.DeleteRequest("/c/x", -1));
            await().until(() -> server.status().znodes() == 4);
        }
    }

    @Test
    void closesAsOftenAsOneLikesAndNothingWorksAfterwards() {
        EmbeddedServer server = EmbeddedServer.builder().port(0).start();
        RawClient client = RawClient.session(server.port());
        server.close();
        server.close();

        assertThat(client.isClosedByServer()).isTrue();
        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        assertThat(server.status().connections()).isZero();
        assertThat(server.expireSession(1)).isCompletedWithValue(false);
        client.close();
    }

    @Test
    void aServerThatWasClosedBeforeItsStartDoesNotStart() {
        EmbeddedServer server = EmbeddedServer.builder().port(0).build();
        server.close();

        assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(server::status).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingDuringTheStartEndsIt(boolean onDisk, @TempDir Path directory) throws Exception {
        for (int i = 0; i < 20; i++) {
            EmbeddedServer.Builder builder = EmbeddedServer.builder().port(0);
            EmbeddedServer server = (onDisk ? builder.dataDir(directory.resolve("d" + i)) : builder).build();
            CompletableFuture<Void> starting = CompletableFuture.runAsync(server::start);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            closing.get();
            try {
                starting.get();
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isInstanceOfAny(EmbeddedServerException.class, IllegalStateException.class);
            }
            assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingUnderLoadLosesNothingThatWasAcknowledged(boolean fsync, @TempDir Path directory) {
        List<Integer> acknowledged = new ArrayList<>();
        EmbeddedServer server =
                EmbeddedServer.builder().port(0).dataDir(directory).fsync(fsync).start();
        RawClient client = RawClient.session(server.port());
        for (int i = 1; i <= 2_000; i++) {
            client.send(i, create("/n" + i));
        }
        for (int i = 0; i < 100; i++) {
            acknowledged.add(client.receive().header().xid());
        }
        server.close();
        client.close();

        try (EmbeddedServer again =
                        EmbeddedServer.builder().port(0).dataDir(directory).start();
                RawClient reader = RawClient.session(again.port())) {
            for (int each : acknowledged) {
                assertThat(reader.call(1, new ExistsRequest("/n" + each, false))
                                .header()
                                .error())
                        .isZero();
            }
        }
    }

    @Test
    void aStrangerThatSaysNothingDoesNotKeepTheServerFromClosing() {
        EmbeddedServer server = EmbeddedServer.builder().port(0).start();
        try (RawClient silent = RawClient.open(server.port())) {
            await().until(() -> server.status().connections() == 1);
            server.close();
            assertThat(silent.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aClientThatTakesNoRepliesIsNotAnsweredWithoutBounds() {
        try (EmbeddedServer server = EmbeddedServer.builder().port(0).start();
                RawClient greedy = RawClient.session(server.port());
                RawClient neighbour = RawClient.session(server.port())) {
            byte[] large = new byte[1_000_000];
            neighbour.call(1, new CreateRequest(OpCode.CREATE, "/large", large, Acl.OPEN, 0));
            // More in all than the direct memory of this process.
            int count = 1_000;
            for (int i = 1; i <= count; i++) {
                greedy.send(i, new GetDataRequest("/large", false));
            }
            assertThat(neighbour.call(-2, PingRequest.INSTANCE).header().error())
                    .isZero();
            for (int i = 1; i <= count; i++) {
                RawClient.Frame frame = greedy.receive();
                assertThat(frame.header().xid()).isEqualTo(i);
                assertThat(frame.body().readableBytes()).isGreaterThan(large.length);
            }
        }
    }

    @Test
    void wrongSettingsAreNamedWithTheirValues() {
        assertThatThrownBy(() -> EmbeddedServer.builder().port(70_000).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("port is 70000");
        assertThatThrownBy(
                        () -> EmbeddedServer.builder().tickTime(Duration.ZERO).build())
                .hasMessageContaining("tickTime is PT0S");
        assertThatThrownBy(() -> EmbeddedServer.builder()
                        .minSessionTimeout(Duration.ofSeconds(90))
                        .build())
                .hasMessageContaining("minSessionTimeout is PT1M30S")
                .hasMessageContaining("maxSessionTimeout, which is PT40S");
        assertThatThrownBy(() -> EmbeddedServer.builder().maxFrameBytes(3).build())
                .hasMessageContaining("maxFrameBytes is 3");
        assertThatThrownBy(() -> EmbeddedServer.builder()
                        .containerCheckInterval(Duration.ofDays(999))
                        .build())
                .hasMessageContaining("containerCheckInterval");
        assertThatThrownBy(() -> EmbeddedServer.builder().host(" ").build()).hasMessageContaining("host");
    }
}
