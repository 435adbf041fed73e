package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The parent is ephemeral, and an ephemeral znode has no children. Nothing was changed. */
public final class NoChildrenForEphemeralsException extends CoordException {
    private static final long serialVersionUID = 1;

    public NoChildrenForEphemeralsException(String operation, @Nullable String path) {
        super(operation, path, "the parent is ephemeral and may have no children");
    }
}
