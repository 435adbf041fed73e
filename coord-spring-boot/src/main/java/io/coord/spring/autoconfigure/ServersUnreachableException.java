package io.coord.spring.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** There was no connection in time, and {@code coord.startup} is {@code fail}. */
final class ServersUnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String key;
    private final String servers;
    private final Duration waited;

    ServersUnreachableException(String key, String servers, Duration waited, @Nullable Throwable cause) {
        super(
                "No connection to servers at " + servers + " within " + waited.toMillis() + " ms"
                        + (cause == null ? "" : " that lasts: " + cause.getMessage()),
                cause);
        this.key = key;
        this.servers = servers;
        this.waited = waited;
    }

    /** What the client's settings lie below. */
    String key() {
        return key;
    }

    String servers() {
        return servers;
    }

    Duration waited() {
        return waited;
    }
}
