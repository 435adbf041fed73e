package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * A znode of that path is there already. Nothing was changed.
 *
 * <pre>{@code
 * try {
 *     client.create().forPath("/first");
 * } catch (NodeExistsException e) {
 *     // Somebody else was the first.
 * }
 * }</pre>
 */
public final class NodeExistsException extends CoordException {
    private static final long serialVersionUID = 1;

    public NodeExistsException(String operation, @Nullable String path) {
        super(operation, path, "the node exists already");
    }
}
