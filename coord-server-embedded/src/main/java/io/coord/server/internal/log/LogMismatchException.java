package io.coord.server.internal.log;

import java.io.IOException;

/** A file that is whole but not for this server: of another log, or of a format that a newer Coord writes. Nothing was changed. */
public final class LogMismatchException extends IOException {
    private static final long serialVersionUID = 1;

    public LogMismatchException(String message) {
        super(message);
    }
}
