package io.coord.server.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.OpCode;
import io.coord.protocol.request.ExistsRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.server.internal.state.Commands;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long requests are said to have taken. */
class RequestTimesTest {
    private final SequencerFixture fixture = new SequencerFixture(new Limits(1_000, 1_000, 1_000, 1_000_000));
    private final HeldReplicator replicator = fixture.replicator;
    private final SequencerFixture.Client client = fixture.session();

    @BeforeEach
    void forgetTheHandshake() {
        client.connection.resetStatistics();
        fixture.sequencer.onInput();
    }

    private SessionActivity activity() {
        return Objects.requireNonNull(client.connection.activity());
    }

    @Test
    void aWriteTakesUntilItIsCommitted() {
        client.send(1, Commands.create("/a", 0));
        client.send(2, Commands.create("/b", 0));
        fixture.clock.pass(7);
        replicator.commitNext();
        assertThat(activity().lastLatencyMs()).isEqualTo(7);

        fixture.clock.pass(4);
        replicator.commitNext();
        assertThat(activity().lastLatencyMs()).isEqualTo(11);
    }

    @Test
    void aReadBehindAWriteTakesAsLongAsTheWrite() {
        client.send(1, Commands.create("/a", 0));
        client.send(2, new ExistsRequest("/a", false));
        fixture.clock.pass(7);
        replicator.commitNext();

        assertThat(client.take()).containsExactly("1 OK 2", "2 OK 2");
        assertThat(activity().minLatencyMs()).isEqualTo(7);
    }

    @Test
    void aReadThatWaitsForItsClientTakesUntilThatTakesIt() {
        client.send(1, Commands.create("/a", 0));
        client.send(2, new ExistsRequest("/a", false));
        client.outbound.full = true;
        replicator.commitNext();
        assertThat(client.take()).containsExactly("1 OK 2");

        fixture.clock.pass(9);
        client.outbound.full = false;
        fixture.sequencer.onWritable(client.connection);
        assertThat(client.take()).containsExactly("2 OK 2");
        assertThat(activity().lastLatencyMs()).isEqualTo(9);
    }

    @Test
    void whatMayTakeLongIsTimedByItself() {
        client.send(1, new ExistsRequest("/", false));
        fixture.clock.pass(5);
        client.send(2, new GetChildrenRequest(OpCode.GET_CHILDREN, "/", false));
        assertThat(activity().lastLatencyMs()).isEqualTo(5);
        client.send(3, new ExistsRequest("/", false));
        assertThat(activity().lastLatencyMs()).isZero();
    }

    @Test
    void theTimeOfManyShortReadsIsNotLost() {
        for (int i = 0; i < 1_000; i++) {
            fixture.clock.pass(1);
            client.send(i, new ExistsRequest("/", false));
        }
        assertThat(activity().maxLatencyMs()).isBetween(1L, 50L);
    }
}
