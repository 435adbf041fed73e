package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may say wrong, over real sockets; a neighbour must never notice. */
class BadInputTest {
    private static final int MAX_FRAME = 10_000;

    private static EmbeddedServer server;

    private RawClient client;
    private RawClient neighbour;

    @BeforeAll
    static void start() {
        server = EmbeddedServer.builder().port(0).maxFrameBytes(MAX_FRAME).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() {
        client = RawClient.session(server.port());
        neighbour = RawClient.session(server.port());
    }

    @AfterEach
    void theNeighbourNoticedNothing() {
        assertThat(neighbour.call(-2, PingRequest.INSTANCE).header().xid()).isEqualTo(-2);
        neighbour.close();
        client.close();
    }

    private void assertAlive() {
        assertThat(client.call(77, new ExistsRequest("/", false)).header().xid())
                .isEqualTo(77);
    }

    private static ByteBuf ints(int... values) {
        ByteBuf buffer = Unpooled.buffer();
        for (int each : values) {
            buffer.writeInt(each);
        }
        return buffer;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, MAX_FRAME + 1})
    void aLengthThatIsNoneClosesTheConnection(int length) {
        client.sendBytes(ints(length));
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void theLongestFrameIsTaken() {
        // xid, type, path "/zookeeper/quota" with its length, data length, version: all that is not data.
        int around = 8 + 4 + 16 + 4 + 4;
        byte[] data = new byte[MAX_FRAME - around];
        new Random(1).nextBytes(data);
        assertThat(client.call(1, new SetDataRequest("/zookeeper/quota", data, -1))
                        .header()
                        .error())
                .isZero();
        RawClient.Frame frame = client.call(2, new GetDataRequest("/zookeeper/quota", false));
        assertThat(frame.body().readInt()).isEqualTo(data.length);
        byte[] read = new byte[data.length];
        frame.body().readBytes(read);
        assertThat(read).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abcd", "rook", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"})
    void somethingElseThanOurProtocolIsClosed(String text) {
        try (RawClient stranger = RawClient.open(server.port())) {
            stranger.sendBytes(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
            assertThat(stranger.isClosedByServer()).isTrue();
        }
    }

    @Test
    void whatIsSaidOfItDoesNotFillTheLog() {
        try (LogLines log = new LogLines("io.coord.server.internal.transport")) {
            int requests = 200;
            for (int xid = 1; xid <= requests; xid++) {
                client.sendBytes(ints(8, xid, OpCode.GET_DATA.code()));
            }
            for (int xid = 1; xid <= requests; xid++) {
                assertThat(client.receive().header().error()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
            }
            // Twenty a second, of all tests here together, however slow this machine is.
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("INFO A malformed GET_DATA"))
                    .hasSizeLessThan(requests / 2);
        }
    }

    @Test
    void aConnectRequestThatIsCutShortIsClosed() {
        try (RawClient stranger = RawClient.open(server.port())) {
            stranger.sendBytes(ints(12, 0, 0, 0));
            assertThat(stranger.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7})
    void aFrameTooShortForAHeaderIsClosed(int length) {
        client.sendBytes(Unpooled.buffer().writeInt(length).writeZero(length));
        assertThat(client.isClosedByServer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 13, 50, 999, -1, -10, -77, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void anOperationThatIsNoneIsAnsweredAndThenTheConnectionIsClosed(int op) {
        client.sendFrame(out -> {
            out.writeInt(5);
            out.writeInt(op);
            out.writeString("/");
            out.writeInt(-1);
        });
        assertThat(client.receive().header()).satisfies(header -> {
            assertThat(header.xid()).isEqualTo(5);
            assertThat(header.error()).isEqualTo(ErrorCode.UNIMPLEMENTED.code());
        });
        assertThat(client.isClosedByServer()).isTrue();
    }

    @Test
    void theServersOwnRemovalOfContainersIsNotForClients() {
        client.sendFrame(out -> {
            out.writeInt(5);
            out.writeInt(20);
            out.writeString("/zookeeper/quota");
        });
        assertThat(client.isClosedByServer()).isTrue();
        assertThat(neighbour
                        .call(1, new ExistsRequest("/zookeeper/quota", false))
                        .header()
                        .error())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -2, 1_000_000, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anAbsurdInnerLengthIsAnsweredAndTheConnectionStays(int length) {
        for (OpCode op : List.of(OpCode.CREATE, OpCode.GET_DATA, OpCode.SET_DATA, OpCode.SET_WATCHES2, OpCode.DELETE)) {
            client.sendFrame(out -> {
                out.writeInt(5);
                out.writeInt(op.code());
                out.writeInt(length);
            });
            assertThat(client.receive().header().error()).as("%s", op).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        }
        assertAlive();
    }

    @Test
    void anAbsurdCountOfAclEntriesIsAnsweredAndTheConnectionStays() {
        client.sendFrame(out -> {
            out.writeInt(5);
            out.writeInt(OpCode.CREATE.code());
            out.writeString("/a");
            out.writeBuffer(null);
            out.writeInt(Integer.MAX_VALUE);
        });
        assertThat(client.receive().header().error()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertAlive();
    }

    @Test
    void aMultiWithoutAnEndIsAnsweredAndTheConnectionStays() {
        client.sendFrame(out -> {
            out.writeInt(5);
            out.writeInt(OpCode.MULTI.code());
            out.writeInt(OpCode.DELETE.code());
            out.writeBool(false);
            out.writeInt(-1);
            out.writeString("/a");
            out.writeInt(-1);
        });
        assertThat(client.receive().header().error()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertAlive();
    }

    @Test
    void aMultiInsideAMultiIsAnsweredAndTheConnectionStays() {
        client.send(5, new MultiRequest(List.of(new MultiRequest(List.of()))));
        assertThat(client.receive().header().error()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertAlive();
    }

    /** Frames of random bytes: each is answered or closes its connection, nothing else happens. */
    @Test
    void randomBytesDoNoHarm() {
        Random random = new Random(42);
        List<OpCode> ops = List.of(OpCode.values());
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[8 + random.nextInt(60)];
            random.nextBytes(noise);
            int op = ops.get(random.nextInt(ops.size())).code();
            try (RawClient stranger = RawClient.session(server.port())) {
                stranger.sendFrame(out -> {
                    out.writeInt(9);
                    out.writeInt(op);
                    for (byte each : noise) {
                        out.writeBool(each != 0);
                    }
                });
                stranger.send(-2, PingRequest.INSTANCE);
                if (op != OpCode.AUTH.code() && op != OpCode.CHECK.code() && op != OpCode.CLOSE_SESSION.code()) {
                    assertThat(stranger.receive()).isNotNull();
                }
            }
        }
    }

    @Test
    void requestsMayArriveInPiecesOrManyAtOnce() {
        ByteBuf all = Unpooled.buffer();
        WireWriter out = new WireWriter(all);
        int count = 500;
        for (int i = 1; i <= count; i++) {
            int mark = out.beginFrame();
            out.writeInt(i);
            CreateRequest create = new CreateRequest(OpCode.CREATE, "/pieces-" + i, new byte[i], Acl.OPEN, 0);
            out.writeInt(create.op().code());
            create.encode(out);
            out.endFrame(mark);
        }
        Random random = new Random(7);
        while (all.isReadable()) {
            client.sendBytes(all.readSlice(Math.min(all.readableBytes(), 1 + random.nextInt(3_000))));
        }
        for (int i = 1; i <= count; i++) {
            RawClient.Frame frame = client.receive();
            assertThat(frame.header().xid()).isEqualTo(i);
            assertThat(frame.header().error()).isZero();
        }
        RawClient.Frame last = client.call(count + 1, new GetDataRequest("/pieces-321", false));
        byte[] data = new WireReader(last.body()).readBuffer();
        assertThat(data).hasSize(321);
    }
}
