package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The client is connected to a server that has lost its ensemble and serves reads only. Nothing was changed. */
public final class ReadOnlyServerException extends CoordException {
    private static final long serialVersionUID = 1;

    public ReadOnlyServerException(String operation, @Nullable String path) {
        super(operation, path, "the server takes no writes at the moment");
    }
}
