package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The server refused the credentials of this client, so it serves no call. Nothing was changed. */
public final class AuthFailedException extends CoordException {
    private static final long serialVersionUID = 1;

    public AuthFailedException(String operation, @Nullable String path) {
        this(operation, path, "the server refused the credentials");
    }

    /** @param reason which credentials were refused, without any secret, and how */
    public AuthFailedException(String operation, @Nullable String path, String reason) {
        super(operation, path, reason);
    }
}
