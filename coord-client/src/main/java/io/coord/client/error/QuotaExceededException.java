package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The write would exceed a hard quota. Nothing was changed. */
public final class QuotaExceededException extends CoordException {
    private static final long serialVersionUID = 1;

    public QuotaExceededException(String operation, @Nullable String path) {
        super(operation, path, "quota exceeded");
    }
}
