package io.coord.server.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.Id;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.ConnectResponse;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.runtime.ManualClock;
import io.coord.server.internal.state.CoordStateMachine;
import java.util.ArrayList;
import java.util.List;

/** A sequencer with nothing real around it, and clients of it. */
final class SequencerFixture {
    static final int TICK_MS = 100;

    final ManualClock clock = new ManualClock();
    final HeldReplicator replicator = new HeldReplicator();
    final CoordStateMachine state = new CoordStateMachine(1);
    final RequestSequencer sequencer;
    /** What the record was told. */
    final List<String> noted = new ArrayList<>();
    /** Who did the writes that were decided. */
    final List<List<Id>> writers = new ArrayList<>();

    private byte lastPassword;

    SequencerFixture(Limits limits) {
        sequencer = new RequestSequencer(
                clock,
                new SessionRules(TICK_MS, 1_000, 5_000),
                RequestRules.DEFAULT,
                limits,
                state,
                replicator,
                () -> {
                    byte[] password = new byte[16];
                    password[0] = ++lastPassword;
                    return password;
                },
                new RequestSequencer.Listener() {
                    @Override
                    public void onReady() {}

                    @Override
                    public void onLogFailed(Throwable cause) {}

                    @Override
                    public void onFailed(Throwable cause) {
                        throw new AssertionError(cause);
                    }
                },
                new ServerMetrics(),
                new NotedTrail(noted, writers));
        replicator.start(sequencer.replicatedState());
    }

    /** A connection that has sent nothing yet. */
    Client client() {
        return new Client();
    }

    /** A connection with a new session. */
    Client session() {
        Client client = client();
        client.connect(0, new byte[16]);
        replicator.commitAll();
        assertThat(client.handshake().sessionId()).isNotZero();
        return client;
    }

    /** Lets time pass, tick by tick. */
    void pass(long ms) {
        for (long left = ms; left > 0; ) {
            long step = Math.min(left, sequencer.untilNextTickMs());
            clock.pass(step);
            left -= step;
            sequencer.onTick();
        }
    }

    final class Client {
        final RecordingOutbound outbound = new RecordingOutbound();
        final ClientConnection connection = sequencer.onConnected(outbound, "127.0.0.1");

        void connect(long sessionId, byte[] password) {
            connect(new ConnectRequest(0, 0, 2_000, sessionId, password, false));
        }

        void connect(ConnectRequest request) {
            sequencer.onConnectRequest(connection, request);
        }

        ConnectResponse handshake() {
            assertThat(outbound.connected).isNotNull();
            return outbound.connected;
        }

        void send(int xid, Request request) {
            send(xid, request, 1);
        }

        void send(int xid, Request request, int frameBytes) {
            assertThat(sequencer.takes(connection, frameBytes))
                    .as("takes requests")
                    .isTrue();
            sequencer.onRequest(connection, xid, request, frameBytes);
            sequencer.onActivity(connection);
        }

        void disconnect() {
            sequencer.onDisconnected(connection);
        }

        List<String> take() {
            return outbound.take();
        }
    }
}
