package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The znode's ACL does not allow this to any identity of the connection. Nothing was changed. */
public final class NoAuthException extends CoordException {
    private static final long serialVersionUID = 1;

    public NoAuthException(String operation, @Nullable String path) {
        super(operation, path, "not authorized");
    }
}
