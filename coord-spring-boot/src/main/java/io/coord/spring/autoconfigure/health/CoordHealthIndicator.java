package io.coord.spring.autoconfigure.health;

import io.coord.client.CoordClient;
import io.coord.client.session.SessionState;
import io.coord.spring.autoconfigure.CoordServers;
import io.coord.spring.autoconfigure.CoordStartup;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Health from what the client knows already: it sends nothing and never waits, but for a server in this process to tell about
 * itself.
 *
 * <p>Thread-safe: one volatile field.
 */
final class CoordHealthIndicator extends AbstractHealthIndicator {

    private final CoordClient client;
    private final @Nullable CoordServers servers;
    private final @Nullable ServerHealth server;
    private final CoordStartup startup;
    private volatile Instant since;

    /**
     * @param servers null when the application made the client itself
     * @param server null when there is none in this process
     */
    CoordHealthIndicator(
            CoordClient client,
            @Nullable CoordServers servers,
            @Nullable ServerHealth server,
            CoordStartup startup,
            Clock clock) {
        super("The health check of Coord failed");
        this.client = client;
        this.servers = servers;
        this.server = server;
        this.startup = startup;
        this.since = clock.instant();
        client.addSessionListener(event -> since = clock.instant());
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        SessionState state = client.state();
        builder.status(status(state)).withDetail("state", state).withDetail("since", since);
        if (servers != null) {
            builder.withDetail("mode", servers.mode().name().toLowerCase(Locale.ROOT))
                    .withDetail("servers", servers.addresses());
        }
        long session = client.sessionId();
        if (session != 0) {
            builder.withDetail("session", "0x" + Long.toHexString(session));
        }
        if (state == SessionState.SUSPENDED || state == SessionState.READ_ONLY) {
            builder.withDetail("sessionEndsIn", client.lease().remaining());
        }
        if (server != null && !server.describe(builder)) {
            builder.down();
        }
    }

    private Status status(SessionState state) {
        return switch (state) {
            case CONNECTED -> Status.UP;
            // While the session lives, so do its locks, leaderships and registrations.
            case SUSPENDED -> client.lease().isAlive() ? Status.UP : Status.DOWN;
            case CONNECTING -> startup == CoordStartup.LAZY ? Status.UNKNOWN : Status.DOWN;
            case READ_ONLY, LOST, CLOSED -> Status.DOWN;
        };
    }
}
