package io.coord.server.internal.pipeline;

import static io.coord.server.internal.pipeline.SequencerFixture.TICK_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.request.CloseSessionRequest;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SyncRequest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who comes back to a server whose log has failed, and what it is told. */
class FailedLogTest {
    private static final int TIMEOUT_MS = 2_000;

    private final SequencerFixture fixture = new SequencerFixture(Limits.ofHeap(1L << 30));
    private final HeldReplicator replicator = fixture.replicator;
    private final SequencerFixture.Client client = fixture.session();

    private static CreateRequest create(String path, CreateMode mode) {
        return new CreateRequest(OpCode.CREATE, path, null, Acl.OPEN, mode.flag());
    }

    private SequencerFixture.Client back(int timeoutMs, byte[] password) {
        SequencerFixture.Client again = fixture.client();
        again.connect(new ConnectRequest(0, 0, timeoutMs, client.handshake().sessionId(), password, false));
        return again;
    }

    private SequencerFixture.Client back() {
        return back(TIMEOUT_MS, client.handshake().passwd());
    }

    @Test
    void aClientWhoseWriteHasAnUnknownFateComesBackAndReadsWhatIsDurable() {
        client.send(1, create("/durable", CreateMode.PERSISTENT));
        replicator.commitAll();
        client.send(2, create("/uncertain", CreateMode.PERSISTENT));
        replicator.failLog();
        assertThat(client.take()).containsExactly("1 OK 2", "cut");

        SequencerFixture.Client again = back();
        assertThat(replicator.held).as("what a failed log is asked").isEmpty();
        assertThat(again.handshake().sessionId()).isEqualTo(client.handshake().sessionId());
        assertThat(again.handshake().timeoutMs()).isEqualTo(TIMEOUT_MS);
        assertThat(again.outbound.reading).isTrue();
        again.send(1, new ExistsRequest("/durable", false));
        again.send(2, new ExistsRequest("/uncertain", false));
        again.send(-2, PingRequest.INSTANCE);
        assertThat(again.take()).containsExactly("1 OK 2", "2 NO_NODE 2", "-2 OK 2");
    }

    /** It would say that "/uncertain" was not created. */
    @Test
    void aSyncIsRefusedToThoseWhoseWritesHaveAnUnknownFate() {
        SequencerFixture.Client other = fixture.session();
        client.send(1, create("/uncertain", CreateMode.PERSISTENT));
        replicator.failLog();
        SequencerFixture.Client again = back();

        again.send(1, new SyncRequest("/"));
        other.send(1, new SyncRequest("/"));
        assertThat(again.take()).containsExactly("1 THROTTLED_OP 2");
        assertThat(other.take()).containsExactly("1 OK 2");
    }

    @Test
    void theConnectionBeforeIsClosedWhenItsSessionMoves() {
        replicator.failLog();
        SequencerFixture.Client again = back();

        assertThat(client.take()).containsExactly("cut");
        client.disconnect();
        again.send(1, new ExistsRequest("/", false));
        assertThat(again.take()).containsExactly("1 OK 1");
    }

    static Stream<Request> requestsAboutEphemerals() {
        Request create = create("/mine/new", CreateMode.EPHEMERAL_SEQUENTIAL);
        return Stream.of(
                create,
                create("/mine/new", CreateMode.EPHEMERAL),
                new MultiRequest(List.of(new DeleteRequest("/mine", -1), create)),
                new MultiRequest(List.of(new CreateTtlRequest("/new", null, Acl.OPEN, CreateMode.EPHEMERAL.flag(), 1))),
                new DeleteRequest("/ephemeral", -1));
    }

    /** What its owner does not know of would outlive the restart, as a lock that nobody can release. */
    @ParameterizedTest
    @MethodSource("requestsAboutEphemerals")
    void nobodyComesBackToEphemeralsOfUnknownFate(Request request) {
        client.send(1, create("/mine", CreateMode.PERSISTENT));
        client.send(2, create("/ephemeral", CreateMode.EPHEMERAL));
        replicator.commitAll();
        client.send(3, request);
        replicator.failLog();

        assertThat(back().take()).containsExactly("cut");
    }

    @Test
    void theDeleteOfAnotherSessionsEphemeralKeepsNobodyOut() {
        SequencerFixture.Client other = fixture.session();
        other.send(1, create("/ephemeral", CreateMode.EPHEMERAL));
        replicator.commitAll();
        client.send(1, new DeleteRequest("/ephemeral", -1));
        replicator.failLog();

        assertThat(back().handshake().sessionId()).isEqualTo(client.handshake().sessionId());
    }

    @Test
    void nobodyComesBackToASessionThatMayHaveEnded() {
        client.send(1, CloseSessionRequest.INSTANCE);
        replicator.failLog();

        assertThat(back().take()).containsExactly("cut");
    }

    /** The log may give its locks to others as soon as it is read back, while its client counts on its time-out. */
    @Test
    void aClientThatWasHeardOfTooLateIsSentAway() {
        fixture.pass(TIMEOUT_MS + 2 * TICK_MS);
        assertThat(replicator.held).hasSize(1);
        client.send(-2, PingRequest.INSTANCE);
        replicator.failLog();

        assertThat(client.take()).containsExactly("-2 OK 1", "cut");
        assertThat(back().take()).containsExactly("cut");
    }

    @Test
    void anAttachmentOfUnknownFateKeepsNobodyOut() {
        SequencerFixture.Client same = back();
        replicator.failLog();
        assertThat(same.take()).containsExactly("cut");
        assertThat(back().handshake().sessionId()).isEqualTo(client.handshake().sessionId());
    }

    @Test
    void nobodyComesBackToAShorterTimeoutOfUnknownFate() {
        back(TIMEOUT_MS / 2, client.handshake().passwd());
        replicator.failLog();

        assertThat(back().take()).containsExactly("cut");
    }

    @Test
    void passwordsCountAndNewSessionsNeedTheLog() {
        replicator.failLog();
        SequencerFixture.Client stranger = back(TIMEOUT_MS, new byte[16]);
        assertThat(stranger.handshake().sessionId()).isZero();
        assertThat(stranger.take()).containsExactly("closed");

        SequencerFixture.Client newcomer = fixture.client();
        newcomer.connect(0, new byte[16]);
        assertThat(newcomer.take()).containsExactly("cut");
        assertThat(replicator.held).isEmpty();
    }

    @Test
    void aSessionThatIsSilentAgainIsWatchedOver() {
        replicator.failLog();
        SequencerFixture.Client again = back();
        fixture.pass(TIMEOUT_MS - TICK_MS);
        assertThat(replicator.held).isEmpty();
        fixture.pass(3 * TICK_MS);

        assertThat(replicator.held).as("ends proposed").hasSize(1);
        replicator.refuseLast();
        again.send(1, new ExistsRequest("/", false));
        assertThat(again.take()).containsExactly("1 OK 1");
    }
}
