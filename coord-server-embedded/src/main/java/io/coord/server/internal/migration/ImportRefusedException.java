package io.coord.server.internal.migration;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What ZooKeeper left cannot be imported as it is, or must not be written where it should go. Nothing was written. */
public final class ImportRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    ImportRefusedException(String message) {
        super(message);
    }

    /** @param offset in bytes from the start of the file; of a compressed one, of what it contains */
    static ImportRefusedException damaged(Path file, long offset, String what, @Nullable Throwable cause) {
        ImportRefusedException refused =
                new ImportRefusedException(what + " (file " + file + ", offset " + offset + ")");
        refused.initCause(cause);
        return refused;
    }
}
