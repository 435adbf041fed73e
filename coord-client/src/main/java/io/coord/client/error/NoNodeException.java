package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The znode, or for a create its parent, is not there. Nothing was changed.
 *
 * <pre>{@code
 * Optional<byte[]> data;
 * try {
 *     data = Optional.of(client.getData().forPath("/config"));
 * } catch (NoNodeException e) {
 *     data = Optional.empty();
 * }
 * }</pre>
 */
public final class NoNodeException extends CoordException {
    private static final long serialVersionUID = 1;

    public NoNodeException(String operation, @Nullable String path) {
        super(operation, path, "there is no such node");
    }
}
