package io.coord.server.internal.log;

import java.io.IOException;
import java.util.UUID;

/** A log that begins with a state from elsewhere: a snapshot, and an empty segment behind it. The caller's thread. */
public final class FirstSnapshot {
    /** There is no entry before it, but 0 would mean that there is no snapshot. */
    public static final long INDEX = 1;

    private FirstSnapshot() {}

    /** Writes the chunks of the state. */
    @FunctionalInterface
    public interface Source {
        void writeTo(SnapshotWriter writer) throws IOException;
    }

    /**
     * Makes an empty directory a log that recovers to the source's state. On return all is durable.
     *
     * @throws IOException something may be in the directory; it is of no use
     */
    public static void write(LogDirectory directory, Source source) throws IOException {
        UUID logId = UUID.randomUUID();
        try (SnapshotWriter writer = SnapshotWriter.create(directory, logId, INDEX)) {
            source.writeTo(writer);
            writer.finish();
        }
        LogConfig unfilled = LogConfig.DEFAULT.withZeroFill(false);
        WriteAheadLog.starting(directory, unfilled, logId, NoBackground.INSTANCE, INDEX)
                .close();
    }
}
