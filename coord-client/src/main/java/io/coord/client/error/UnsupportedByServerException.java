package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The server does not know the operation, or has it switched off. Nothing was changed. */
public final class UnsupportedByServerException extends CoordException {
    private static final long serialVersionUID = 1;

    public UnsupportedByServerException(String operation, @Nullable String path) {
        super(operation, path, "the server does not support it");
    }
}
