package io.coord.spring.autoconfigure.metrics;

import io.coord.server.EmbeddedServer;
import io.coord.server.ServerStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** The embedded server in numbers. Each gauge asks the server when it is read; before the start there is no number. */
final class CoordServerMeters implements MeterBinder {

    private final EmbeddedServer server;

    CoordServerMeters(EmbeddedServer server) {
        this.server = server;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "coord.server.connections", "Open connections", ServerStatus::connections);
        gauge(registry, "coord.server.sessions", "Sessions that live", ServerStatus::sessions);
        gauge(registry, "coord.server.znodes", "Znodes of all kinds", ServerStatus::znodes);
        gauge(registry, "coord.server.ephemerals", "Znodes that die with a session", ServerStatus::ephemerals);
        gauge(registry, "coord.server.watches", "Paths that connections watch", ServerStatus::watches);
        gauge(
                registry,
                "coord.server.outstanding.writes",
                "Writes that are under way to the log",
                ServerStatus::outstandingWrites);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<ServerStatus> number) {
        Gauge.builder(name, server, it -> read(it, number))
                .description(description)
                .register(registry);
    }

    private static double read(EmbeddedServer server, ToDoubleFunction<ServerStatus> number) {
        try {
            return number.applyAsDouble(server.status());
        } catch (IllegalStateException e) {
            return Double.NaN;
        }
    }
}
