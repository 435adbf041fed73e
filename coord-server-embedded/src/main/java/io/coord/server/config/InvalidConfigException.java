package io.coord.server.config;

import org.jspecify.annotations.Nullable;

/** A configuration that no server can be started from. The message names the place, what is wrong and what is allowed. */
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidConfigException(String message) {
        this(message, null);
    }

    InvalidConfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
