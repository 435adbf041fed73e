package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The znode has another version than the call demands. Nothing was changed. */
public final class BadVersionException extends CoordException {
    private static final long serialVersionUID = 1;

    public BadVersionException(String operation, @Nullable String path) {
        super(operation, path, "the version does not match");
    }
}
