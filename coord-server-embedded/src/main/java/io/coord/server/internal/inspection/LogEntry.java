package io.coord.server.internal.inspection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the log, with what came of it where that is known.
 *
 * @param file the whole name of the file
 * @param offset in bytes from the start of the file
 * @param zxid that it took, or the one before if it took none; {@link #UNKNOWN} when what came before it is not known
 * @param timeMs wall-clock milliseconds
 * @param sessionId whose it is; 0 for the server's own
 * @param operation in the field's words
 * @param steps what was asked for; several in a multi, none when it is about a session alone
 * @param result {@code OK} or the name of an error; null when it is not known
 * @param changes what it did to znodes; empty when that is not known
 */
public record LogEntry(
        String file,
        long offset,
        long index,
        long zxid,
        long timeMs,
        long sessionId,
        String operation,
        List<Step> steps,
        @Nullable String result,
        List<Change> changes) {
    public static final long UNKNOWN = -1;

    /**
     * @param data that was sent with it; null when there was none, or null
     * @param detail what else was asked for, for reading
     */
    public record Step(String operation, String path, byte @Nullable [] data, String detail) {}

    /** @param kind created, deleted or changed */
    public record Change(String kind, String path) {}
}
