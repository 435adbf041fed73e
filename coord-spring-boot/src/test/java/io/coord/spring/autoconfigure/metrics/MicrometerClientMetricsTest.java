package io.coord.spring.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics.Outcome;
import io.coord.client.spi.CompletedRequest;
import io.coord.protocol.OpCode;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerClientMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerClientMetrics metrics = new MicrometerClientMetrics(registry);

    @Test
    void timesRequestsByOperationAndOutcome() {
        metrics.onRequestCompleted(getData(Outcome.SUCCESS, 3));
        metrics.onRequestCompleted(getData(Outcome.SUCCESS, 5));
        metrics.onRequestCompleted(getData(Outcome.CONNECTION_LOSS, 7));

        Timer success = registry.get("coord.client.request")
                .tags("op", "getData", "outcome", "success")
                .timer();
        assertThat(success.count()).isEqualTo(2);
        assertThat(success.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(8);
        assertThat(registry.get("coord.client.request")
                        .tags("op", "getData", "outcome", "connection_loss")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    private static CompletedRequest getData(Outcome outcome, int durationMs) {
        return new CompletedRequest(
                "getData",
                OpCode.GET_DATA,
                "/a",
                outcome,
                0,
                TimeUnit.MILLISECONDS.toNanos(durationMs),
                30,
                120,
                -1,
                false,
                1,
                null);
    }

    @Test
    void sumsUpTheBytesOfRequests() {
        metrics.onBytesSent(100);
        metrics.onBytesSent(20);
        assertThat(registry.get("coord.client.request.bytes").summary().totalAmount())
                .isEqualTo(120);
    }

    @Test
    void countsReconnectsAndLostSessions() {
        metrics.onStateChanged(SessionState.CONNECTING, SessionState.CONNECTED);
        assertThat(reconnects()).isZero();
        metrics.onStateChanged(SessionState.CONNECTED, SessionState.SUSPENDED);
        metrics.onStateChanged(SessionState.SUSPENDED, SessionState.CONNECTED);
        assertThat(reconnects()).isEqualTo(1);
        assertThat(lost()).isZero();
        metrics.onStateChanged(SessionState.SUSPENDED, SessionState.LOST);
        metrics.onStateChanged(SessionState.LOST, SessionState.CONNECTED);
        assertThat(reconnects()).isEqualTo(2);
        assertThat(lost()).isEqualTo(1);
        metrics.onStateChanged(SessionState.CONNECTED, SessionState.CLOSED);
        assertThat(lost()).isEqualTo(1);
    }

    private double reconnects() {
        return registry.get("coord.client.reconnects").counter().count();
    }

    private double lost() {
        return registry.get("coord.client.sessions.lost").counter().count();
    }
}
