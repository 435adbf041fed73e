package io.coord.protocol.tls;

import org.jspecify.annotations.Nullable;

/** Keys or certificates that cannot be used; the message names the file and says why. */
public final class InvalidTlsMaterialException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidTlsMaterialException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
