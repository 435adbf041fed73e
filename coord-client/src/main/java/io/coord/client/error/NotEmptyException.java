package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The znode has children, so it cannot be deleted. Nothing was changed. */
public final class NotEmptyException extends CoordException {
    private static final long serialVersionUID = 1;

    public NotEmptyException(String operation, @Nullable String path) {
        super(operation, path, "the node has children");
    }
}
