package io.coord.server.internal.log;

import java.io.IOException;

/** No room, or no quota, for a write or a new file. Never thrown by a sync: there it would be no better than any failure. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1;

    public DiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
