package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.GetEphemeralsRequest;
import io.coord.protocol.request.MultiReadRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetDataRequest;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A response that the client could not take is an error; the connection and the session go on. */
class ResponseLimitTest {
    private static final int MOST = 2_000;
    private static final int AROUND_DATA = 16 + 4 + 68;

    private EmbeddedServer server;
    private RawClient client;

    @BeforeEach
    void start() {
        server = EmbeddedServer.builder().port(0).maxResponseBytes(MOST).start();
        client = RawClient.session(server.port());
        client.call(1, create("/fits", new byte[MOST - AROUND_DATA], 0));
        client.call(2, create("/long", new byte[MOST - AROUND_DATA + 1], 0));
        client.call(3, create("/half", new byte[MOST / 2], 0));
        client.call(4, create("/parent", null, 0));
        for (int i = 0; i < 100; i++) {
            client.call(5 + i, create("/parent/ephemeral-child-" + i, null, 1));
        }
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    static Stream<Request> tooLong() {
        return Stream.of(
                new GetDataRequest("/long", false),
                new GetChildrenRequest(OpCode.GET_CHILDREN, "/parent", false),
                new GetChildrenRequest(OpCode.GET_CHILDREN2, "/parent", true),
                new GetEphemeralsRequest(null),
                new MultiReadRequest(Collections.nCopies(3, new GetDataRequest("/half", false))));
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    void aLongerResponseIsAnErrorWithoutABodyAndTheConnectionStays(Request request) {
        client.send(201, new GetDataRequest("/half", false));
        client.send(202, request);
        client.send(203, new GetDataRequest("/fits", false));

        assertThat(client.receive().header().error()).isZero();
        RawClient.Frame refusal = client.receive();
        assertThat(refusal.header().xid()).isEqualTo(202);
        assertThat(refusal.header().error()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertThat(refusal.body().readableBytes()).isZero();
        RawClient.Frame fits = client.receive();
        assertThat(fits.header().xid()).isEqualTo(203);
        assertThat(fits.body().readableBytes())
                .as("a response of exactly the limit")
                .isEqualTo(MOST - 16);
        assertThat(server.status().refusedResponses()).isEqualTo(1);
    }

    @Test
    void aMultiWhoseResponseCouldBeLongerDoesNotHappen() {
        Request multi = new MultiRequest(Collections.nCopies(30, new SetDataRequest("/half", null, -1)));

        assertThat(client.call(201, multi).header().error()).isEqualTo(ErrorCode.MARSHALLING_ERROR.code());
        assertThat(client.call(202, new GetDataRequest("/half", false)).body().readableBytes())
                .isEqualTo(4 + MOST / 2 + 68);
        assertThat(client.call(203, new MultiRequest(List.of(new SetDataRequest("/half", null, -1))))
                        .header()
                        .error())
                .isZero();
    }

    private static CreateRequest create(String path, byte[] data, int flags) {
        return new CreateRequest(OpCode.CREATE, path, data, Acl.OPEN, flags);
    }
}
