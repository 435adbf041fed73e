package io.coord.server.internal.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Something that had been made durable is damaged or missing. The server does not start, because it would serve a state that
 * lacks acknowledged writes. Nothing was changed.
 */
public final class LogDamagedException extends IOException {
    private static final long serialVersionUID = 1;

    private final String what;
    private final String file;
    private final long offset;
    private final long index;

    /**
     * @param file the whole name of the file
     * @param offset in bytes where the damage begins
     * @param index of the first log entry that is lost; for a snapshot, the last that it holds
     */
    LogDamagedException(String file, long offset, long index, String what, @Nullable Throwable cause) {
        super(
                what + " (file " + file + ", offset " + offset + ", index " + index
                        + "). Coord does not start, because "
                        + "acknowledged writes would be missing. Keep a copy of the data directory, then restore it from "
                        + "a backup, or move it away to start empty.",
                cause);
        this.what = what;
        this.file = file;
        this.offset = offset;
        this.index = index;
    }

    /** The damage alone, without where it is. */
    public String what() {
        return what;
    }

    public String file() {
        return file;
    }

    public long offset() {
        return offset;
    }

    public long index() {
        return index;
    }
}
