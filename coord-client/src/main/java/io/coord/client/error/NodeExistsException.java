package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** A znode of that path is there already. Nothing was changed. */
public final class NodeExistsException extends CoordException {
    private static final long serialVersionUID = 1;

    public NodeExistsException(String operation, @Nullable String path) {
        super(operation, path, "the node exists already");
    }
}
