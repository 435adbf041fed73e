package io.coord.spring.autoconfigure.endpoint;

import io.coord.client.CoordClient;
import io.coord.client.session.SessionState;
import io.coord.spring.autoconfigure.CoordServers;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The clients of this application and the server in its process. It sends nothing. Thread-safe: immutable. */
@Endpoint(id = "coord")
final class CoordEndpoint {

    private final Map<String, CoordClient> clients;
    private final @Nullable CoordServers servers;
    private final @Nullable ServerDescription server;

    /**
     * @param clients by the names of their beans
     * @param servers null when the application made the client itself
     * @param server null when there is none in this process
     */
    CoordEndpoint(
            Map<String, CoordClient> clients, @Nullable CoordServers servers, @Nullable ServerDescription server) {
        this.clients = new TreeMap<>(clients);
        this.servers = servers;
        this.server = server;
    }

    /** What is answered. */
    record Overview(
            @Nullable Servers servers,
            Map<String, Client> clients,
            @Nullable Object server) {}

    /**
     * Where the servers are.
     *
     * @param mode {@code embedded} or {@code external}
     */
    record Servers(String mode, String addresses, String reason) {}

    /**
     * A client.
     *
     * @param session hexadecimal; null before there is one
     * @param sessionEndsIn how long the session certainly lives on without a word from the servers
     * @param watches that the client holds
     * @param pending requests that wait for an answer or a connection
     */
    record Client(
            SessionState state,
            @Nullable String session,
            Duration sessionEndsIn,
            String namespace,
            int watches,
            int pending) {}

    @ReadOperation
    Overview overview() {
        Map<String, Client> described = new TreeMap<>();
        clients.forEach((name, client) -> described.put(name, describe(client)));
        return new Overview(
                servers == null
                        ? null
                        : new Servers(
                                servers.mode().name().toLowerCase(Locale.ROOT), servers.addresses(), servers.reason()),
                described,
                server == null ? null : server.describe());
    }

    private static Client describe(CoordClient client) {
        long session = client.sessionId();
        return new Client(
                client.state(),
                session == 0 ? null : "0x" + Long.toHexString(session),
                client.lease().remaining(),
                client.namespace(),
                client.watchCount(),
                client.pendingRequests());
    }

    /** What the server in this process tells about itself; apart, because its classes need not be there. */
    @FunctionalInterface
    interface ServerDescription {

        /** Something that becomes JSON; null when the server does not run. */
        @Nullable
        Object describe();
    }
}
