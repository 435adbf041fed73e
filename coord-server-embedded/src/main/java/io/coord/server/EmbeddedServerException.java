package io.coord.server;

import org.jspecify.annotations.Nullable;

/** A server that could not start, or could not close its files; the message names the cause. */
public final class EmbeddedServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EmbeddedServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
