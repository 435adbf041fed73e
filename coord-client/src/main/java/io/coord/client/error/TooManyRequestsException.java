package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** More calls are pending than the client allows. It was not sent, nothing was changed. */
public final class TooManyRequestsException extends CoordException {
    private static final long serialVersionUID = 1;

    public TooManyRequestsException(String operation, @Nullable String path, int limit) {
        super(operation, path, "more than " + limit + " calls are pending");
    }
}
