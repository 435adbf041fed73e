package io.coord.server.internal.inspection;

import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogScan;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.CommandCodec;
import io.coord.server.internal.state.Effects;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows what a log did. It holds what clients asked for; what came of that, zxids included, is found out by doing it again, from a
 * snapshot or from the beginning. Behind a damaged place only the requests are known, up to the next snapshot.
 */
public final class LogView {
    /** Is shown the log. */
    public interface Viewer {
        void onEntry(LogEntry entry) throws IOException;

        /** Something is missing or damaged; what follows is behind it. */
        void onDamage(String file, long offset, long index, String what) throws IOException;

        /** The log ends with a write that is under way, or was never finished. */
        void onUnfinished(String file, long offset, long bytes) throws IOException;
    }

    private final LogDirectory directory;
    private final EntryFilter filter;
    private final Viewer viewer;
    private final boolean evaluates;
    private final Set<Long> snapshots;
    private final CommandCodec codec = new CommandCodec();
    /** Null when it is not known at this place. */
    private @Nullable StateReplay state;

    private LogView(LogDirectory directory, EntryFilter filter, boolean evaluates, Viewer viewer) throws IOException {
        this.directory = directory;
        this.filter = filter;
        this.evaluates = evaluates;
        this.viewer = viewer;
        this.snapshots = evaluates ? new HashSet<>(LogScan.snapshots(directory)) : Set.of();
    }

    /**
     * @param evaluates whether results, changes and zxids are found out; it needs the memory that a server needs
     */
    public static void show(LogDirectory directory, EntryFilter filter, boolean evaluates, Viewer viewer)
            throws IOException {
        new LogView(directory, filter, evaluates, viewer).show();
    }

    private void show() throws IOException {
        List<Long> segments = LogScan.segments(directory);
        if (evaluates && !segments.isEmpty() && segments.get(0) == 1) {
            state = new StateReplay();
        }
        LogScan.entries(directory, 1, new Entries());
    }

    private final class Entries implements LogScan.EntryVisitor {
        @Override
        public boolean onEntry(String file, long offset, long index, ByteBuf bytes) throws IOException {
            Command command;
            try {
                command = codec.decode(bytes);
            } catch (RuntimeException e) {
                state = null;
                viewer.onDamage(file, offset, index, "An entry is whole but cannot be understood: " + e.getMessage());
                return true;
            }
            if (state == null && snapshots.contains(index - 1)) {
                StateReplay loaded = new StateReplay();
                state = loaded.load(directory, index - 1) ? loaded : null;
            }
            @Nullable Effects effects = state == null ? null : state.apply(index, command);
            LogEntry entry = EntryReader.read(file, offset, index, command, effects);
            if (filter.includes(entry)) {
                viewer.onEntry(entry);
            }
            return true;
        }

        @Override
        public boolean onDamage(String file, long offset, long index, String what) throws IOException {
            state = null;
            viewer.onDamage(file, offset, index, what);
            return true;
        }

        @Override
        public void onUnfinished(String file, long offset, long bytes) throws IOException {
            viewer.onUnfinished(file, offset, bytes);
        }
    }
}
