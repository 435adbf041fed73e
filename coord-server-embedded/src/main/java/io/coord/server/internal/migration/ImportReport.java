package io.coord.server.internal.migration;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an import read, what it made of it, and what it left out.
 *
 * @param snapshot the one that was used; null when there was none and the logs go back to the beginning
 * @param target the data directory of Coord that was made
 * @param lastZxid of the last transaction; Coord's own go on from there
 * @param znodes with those that every server has from the start
 * @param dataBytes of all znodes' data together
 * @param sessions that live on, by the ids and passwords that their clients have
 * @param dropped what is not in Coord, and why; one line each
 * @param notes what an operator should know besides; one line each
 */
public record ImportReport(
        @Nullable Path snapshot,
        List<LogFile> logs,
        Path target,
        long lastZxid,
        int znodes,
        int ephemerals,
        int containers,
        int withTimeToLive,
        int accessLists,
        int quotas,
        long dataBytes,
        int sessions,
        List<String> dropped,
        List<String> notes) {

    /**
     * A log that was read.
     *
     * @param applied transactions that the snapshot lacked
     * @param skipped transactions that the snapshot had
     * @param tornBytes the rest of a write that a crash had cut short; of no transaction that was acknowledged
     */
    public record LogFile(Path file, long applied, long skipped, long tornBytes) {}

    /** Transactions that were read behind the snapshot. */
    public long applied() {
        return logs.stream().mapToLong(LogFile::applied).sum();
    }
}
