package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The call's deadline passed. This class itself says that nothing was changed: the request was a read, or was never
 * written to a connection. A write that was sent and not answered fails with the subclass
 * {@link UnansweredWriteException}.
 */
public sealed class RequestTimeoutException extends CoordException permits UnansweredWriteException {
    private static final long serialVersionUID = 1;

    public RequestTimeoutException(String operation, @Nullable String path, String what) {
        super(operation, path, what);
    }
}
