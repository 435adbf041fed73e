package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The client is not started, or is closed. Nothing was changed: a write that had been sent when the client was closed
 * fails with {@link ConnectionLossException} instead.
 */
public final class ClientClosedException extends CoordException {
    private static final long serialVersionUID = 1;

    public ClientClosedException(String operation, @Nullable String path, String what) {
        super(operation, path, what);
    }
}
