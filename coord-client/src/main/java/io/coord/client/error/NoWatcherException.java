package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The server holds no such watch for this connection. Nothing was changed. */
public final class NoWatcherException extends CoordException {
    private static final long serialVersionUID = 1;

    public NoWatcherException(String operation, @Nullable String path) {
        super(operation, path, "the server holds no such watch");
    }
}
