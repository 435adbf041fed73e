package io.coord.spring.autoconfigure.metrics;

import io.coord.client.session.SessionState;
import io.coord.client.spi.ClientMetrics;
import io.coord.client.spi.CompletedRequest;
import io.coord.spring.observation.ClientCallConvention;
import io.coord.spring.observation.CoordObservation;
import io.coord.spring.observation.DefaultClientCallConvention;
import io.coord.spring.observation.ObservedClientCall;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Requests of the client as observations, where they are made as part of something that is observed: what recipes and caches send by themselves is
 * nobody's call. Tells other metrics everything, too.
 *
 * <p>Thread-safe: immutable.
 */
final class ObservationClientMetrics implements ClientMetrics {

    private static final ClientCallConvention DEFAULT = new DefaultClientCallConvention();

    private final ObservationRegistry registry;
    private final @Nullable ClientCallConvention convention;
    private final ClientMetrics others;

    /**
     * @param convention null for the registry's own or ours
     * @param others which observe nothing themselves
     */
    ObservationClientMetrics(
            ObservationRegistry registry, @Nullable ClientCallConvention convention, ClientMetrics others) {
        this.registry = registry;
        this.convention = convention;
        this.others = others;
    }

    /** One request under way. */
    private record Running(ObservedClientCall call, Observation observation) {}

    @Override
    public @Nullable Object onRequestSubmitted(String operation, @Nullable String path) {
        if (registry.isNoop() || registry.getCurrentObservation() == null) {
            return null;
        }
        ObservedClientCall call = new ObservedClientCall(operation, path);
        return new Running(call, CoordObservation.CLIENT_CALL.start(convention, DEFAULT, () -> call, registry));
    }

    @Override
    public void onRequestCompleted(CompletedRequest request) {
        others.onRequestCompleted(request);
        if (request.observed() instanceof Running running) {
            running.call().completed(request);
            running.observation().stop();
        }
    }

    @Override
    public void onBytesSent(int bytes) {
        others.onBytesSent(bytes);
    }

    @Override
    public void onBytesReceived(int bytes) {
        others.onBytesReceived(bytes);
    }

    @Override
    public void onStateChanged(SessionState before, SessionState after) {
        others.onStateChanged(before, after);
    }
}
