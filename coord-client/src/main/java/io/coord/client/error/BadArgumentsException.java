package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The server refused the arguments, a path that may not be deleted for instance. Nothing was changed. */
public final class BadArgumentsException extends CoordException {
    private static final long serialVersionUID = 1;

    public BadArgumentsException(String operation, @Nullable String path) {
        super(operation, path, "the server refused the arguments");
    }

    /** The request's record cannot be written; nothing was sent. */
    public BadArgumentsException(String operation, @Nullable String path, RuntimeException unencodable) {
        super(operation, path, "the request cannot be encoded: " + unencodable);
        initCause(unencodable);
    }
}
