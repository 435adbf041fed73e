package io.coord.server.internal.log;

import java.io.IOException;

/** Another server works in the data directory. Nothing was touched. */
public final class DirectoryLockedException extends IOException {
    private static final long serialVersionUID = 1;

    public DirectoryLockedException(String message) {
        super(message);
    }
}
