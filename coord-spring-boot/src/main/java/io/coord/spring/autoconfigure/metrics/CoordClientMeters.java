package io.coord.spring.autoconfigure.metrics;

import io.coord.client.CoordClient;
import io.coord.client.session.SessionState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;

/** What the client is like right now, read when the meters are. */
final class CoordClientMeters implements MeterBinder {

    private final CoordClient client;

    CoordClientMeters(CoordClient client) {
        this.client = client;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (SessionState state : SessionState.values()) {
            Gauge.builder("coord.client.connection", client, it -> it.state() == state ? 1 : 0)
                    .description("1 for the state that the client is in, 0 for the others")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("coord.client.watches", client, CoordClient::watchCount)
                .description("Watches that the client holds")
                .register(registry);
        Gauge.builder("coord.client.pending", client, CoordClient::pendingRequests)
                .description("Requests that wait for an answer or a connection")
                .register(registry);
    }
}
