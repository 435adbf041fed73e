package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/**
 * The session ended, by the server's word or because its lease ran out without an answer, while the call waited. Nothing
 * was changed: a write that had been sent before fails with {@link ConnectionLossException} instead.
 */
public final class SessionLostException extends CoordException {
    private static final long serialVersionUID = 1;

    public SessionLostException(String operation, @Nullable String path) {
        super(operation, path, "the session was lost before the request was sent");
    }
}
