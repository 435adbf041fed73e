package io.coord.spring.autoconfigure.health;

import io.coord.server.EmbeddedServer;
import io.coord.server.ServerStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;

/**
 * A server whose log has failed still answers reads, so its clients stay connected; writes, locks and new sessions fail until
 * it is started again. Asks the server's thread, which takes a millisecond or so.
 */
final class EmbeddedServerHealth implements ServerHealth {

    private final EmbeddedServer server;

    EmbeddedServerHealth(EmbeddedServer server) {
        this.server = server;
    }

    @Override
    public boolean describe(Health.Builder health) {
        Map<String, Object> details = new LinkedHashMap<>();
        boolean acceptsWrites = false;
        try {
            ServerStatus status = server.status();
            acceptsWrites = status.acceptsWrites();
            details.put("acceptsWrites", acceptsWrites);
            details.put("sessions", status.sessions());
            details.put("znodes", status.znodes());
        } catch (IllegalStateException e) {
            details.put("acceptsWrites", false);
        }
        if (!acceptsWrites) {
            details.put(
                    "problem",
                    server.config().dataDir() == null
                            ? "The server does not run."
                            : "The server does not run, or its log in "
                                    + server.config().dataDir()
                                    + " cannot be written: then reads go on, and writes, locks and new sessions fail until the"
                                    + " application is started again. The log output says why.");
        }
        health.withDetail("server", details);
        return acceptsWrites;
    }
}
