package io.coord.server.internal.backup;

import java.io.IOException;

/** A backup cannot be made or used, for a reason that an operator can see to. */
public final class BackupException extends IOException {
    private static final long serialVersionUID = 1;

    BackupException(String message) {
        super(message);
    }

    BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
