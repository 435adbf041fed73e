package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The connection broke after the write was sent and before its answer came, and the client does not repeat a write by
 * itself unless it was built with {@code idempotent()}, {@code withProtection()} or {@code guaranteed()}. The effect may
 * have happened. Reads never fail like this: they are repeated until their deadline.
 */
public final class ConnectionLossException extends CoordException implements OutcomeUnknown {
    private static final long serialVersionUID = 1;

    public ConnectionLossException(String operation, @Nullable String path) {
        super(operation, path, "the connection broke before the answer came; the effect may have happened");
    }
}
