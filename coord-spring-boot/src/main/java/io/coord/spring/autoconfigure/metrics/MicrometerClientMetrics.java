package io.coord.spring.autoconfigure.metrics;

import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The client's own events as meters. Operation names come from the client, so they are few.
 *
 * <p>Thread-safe: meters are, and the one map is concurrent.
 */
final class MicrometerClientMetrics implements ClientMetrics {

    private final MeterRegistry registry;
    private final Map<String, Map<Outcome, Timer>> requests = new ConcurrentHashMap<>();
    private final DistributionSummary requestBytes;
    private final Counter reconnects;
    private final Counter sessionsLost;

    MicrometerClientMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.requestBytes = DistributionSummary.builder("coord.client.request.bytes")
                .description("Sizes of the requests that were sent")
                .baseUnit("bytes")
                .register(registry);
        this.reconnects = Counter.builder("coord.client.reconnects")
                .description("Times that the connection was there again after it had been lost")
                .register(registry);
        this.sessionsLost = Counter.builder("coord.client.sessions.lost")
                .description("Sessions that ended although the client was not closed")
                .register(registry);
    }

    @Override
    public void onRequestCompleted(CompletedRequest request) {
        Timer timer =
                requests.computeIfAbsent(request.operation(), this::timers).get(request.outcome());
        if (timer != null) {
            timer.record(request.durationNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private Map<Outcome, Timer> timers(String operation) {
        Map<Outcome, Timer> timers = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            timers.put(
                    outcome,
                    Timer.builder("coord.client.request")
                            .description("Calls of the client, retries included")
                            .tag("op", operation)
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        return timers;
    }

    @Override
    public void onBytesSent(int bytes) {
        requestBytes.record(bytes);
    }

    @Override
    public void onStateChanged(SessionState before, SessionState after) {
        if (after == SessionState.CONNECTED && (before == SessionState.SUSPENDED || before == SessionState.LOST)) {
            reconnects.increment();
        } else if (after == SessionState.LOST) {
            sessionsLost.increment();
        }
    }
}
