package io.coord.spring.autoconfigure;

import java.time.Duration;

/** There was no connection in time, and {@code coord.startup} is {@code fail}. */
final class ServersUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String servers;
    private final Duration waited;

    ServersUnreachableException(String servers, Duration waited) {
        super("No connection to " + servers + " within " + waited.toMillis() + " ms");
        this.servers = servers;
        this.waited = waited;
    }

    String servers() {
        return servers;
    }

    Duration waited() {
        return waited;
    }
}
