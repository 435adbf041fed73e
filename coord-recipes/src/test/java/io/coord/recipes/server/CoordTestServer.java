package io.coord.recipes.server;

import io.coord.server.EmbeddedServer;
import java.time.Duration;

/** Our server, in memory. */
public final class CoordTestServer implements TestServer {
    private final EmbeddedServer server = EmbeddedServer.builder()
            .port(0)
            .tickTime(Duration.ofMillis(TICK_MS))
            .maxSessionTimeout(Duration.ofMillis(MAX_SESSION_TIMEOUT_MS))
            .containerCheckInterval(Duration.ofMillis(CONTAINER_CHECK_MS))
            .start();

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
