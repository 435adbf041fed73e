package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetAllChildrenNumberRequest;
import io.coord.protocol.request.PingRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Five thousand sessions over sockets, each with an ephemeral znode. */
@Timeout(180)
class SessionCrowdTest {
    private static final int CROWD = 5_000;
    private static final int PING_XID = -2;

    private final List<RawClient> crowd = new ArrayList<>(CROWD);
    private final EmbeddedServer server = EmbeddedServer.builder()
            .port(0)
            .maxClientConnections(0)
            .tickTime(Duration.ofSeconds(1))
            .minSessionTimeout(Duration.ofSeconds(10))
            .start();

    @AfterEach
    void close() {
        crowd.forEach(RawClient::close);
        server.close();
    }

    @Test
    void allAreServedAndWhenAllFallSilentAtOnceTheirZnodesGoAndAnotherIsServedOn() {
        try (RawClient other = RawClient.session(server.port())) {
            other.call(1, new CreateRequest(OpCode.CREATE, "/crowd", null, Acl.OPEN, 0));
            for (int i = 0; i < CROWD; i++) {
                RawClient client = RawClient.session(server.port());
                crowd.add(client);
                client.send(1, new CreateRequest(OpCode.CREATE, "/crowd/member", null, Acl.OPEN, 3));
            }
            crowd.forEach(
                    client -> assertThat(client.receive().header().error()).isZero());
            crowd.forEach(client -> client.send(PING_XID, PingRequest.INSTANCE));
            crowd.forEach(client -> assertThat(client.receive().header().xid()).isEqualTo(PING_XID));
            assertThat(server.status().sessions()).isEqualTo(CROWD + 1);
            assertThat(server.status().ephemerals()).isEqualTo(CROWD);

            long[] longestNs = new long[1];
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                        long start = System.nanoTime();
                        assertThat(other.call(2, new ExistsRequest("/crowd", false))
                                        .header()
                                        .error())
                                .isZero();
                        longestNs[0] = Math.max(longestNs[0], System.nanoTime() - start);
                        return server.status().sessions() == 1;
                    });
            System.out.printf(
                    "the longest answer while %d sessions expired: %.1f ms%n",
                    CROWD, longestNs[0] / (double) TimeUnit.MILLISECONDS.toNanos(1));
            assertThat(server.status().ephemerals()).isZero();
            assertThat(other.call(3, new GetAllChildrenNumberRequest("/crowd"))
                            .body()
                            .readInt())
                    .isZero();
            assertThat(crowd.get(CROWD / 2).isClosedByServer()).isTrue();
        }
    }
}
