package io.coord.server.internal.migration;

import io.coord.server.internal.migration.ZooKeeperFiles.Log;
import io.coord.server.internal.migration.ZooKeeperFiles.Snapshot;
import io.coord.server.internal.tree.Znode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Imports the data of a ZooKeeper server that does not run: the newest whole snapshot, each transaction behind it, then what
 * ZooKeeper itself does when it starts: ephemerals without a session go, quotas are counted. Whatever is damaged or missing so
 * that an acknowledged write might be lacking ends the import, and nothing is written then.
 */
public final class ZooKeeperImport {
    private static final long COUNTER_MASK = 0xffffffffL;
    private static final long TTL_353_MASK = Long.MAX_VALUE;
    /** So many things of one kind are named one by one. */
    private static final int NAMED = 20;

    private final ImportSettings settings;
    private final List<String> dropped = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<ImportReport.LogFile> logs = new ArrayList<>();
    private @Nullable Path snapshotFile;

    private ZooKeeperImport(ImportSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads everything, writes Coord's directory beside its later place, reads that back and compares, then gives it its name.
     *
     * @throws ImportRefusedException when the data is not whole or the target is taken; nothing was made
     * @throws IOException when a file cannot be read or written; nothing was made but perhaps a directory whose name has {@code
     *     .importing} behind the target's, which may be deleted
     */
    public static ImportReport run(ImportSettings settings) throws IOException {
        return new ZooKeeperImport(settings).run();
    }

    private ImportReport run() throws IOException {
        TargetDirectory.requireFree(settings.target());
        ZooKeeperFiles files = ZooKeeperFiles.find(settings.dataDir(), settings.dataLogDir());
        ImportedState state = readSnapshot(files.snapshots());
        replay(files.logs(), state);
        settleOwners(state);
        dropSessions(state);
        forgetEnsemble(state);
        int quotas = QuotaStatistics.recount(state);
        ConvertedState converted = ConvertedState.of(state, dropped);
        TargetDirectory.make(settings.target(), converted);
        return new ImportReport(
                snapshotFile,
                List.copyOf(logs),
                settings.target(),
                state.lastZxid(),
                converted.znodes(),
                converted.ephemerals(),
                converted.containers(),
                converted.withTimeToLive(),
                converted.accessLists(),
                quotas,
                converted.dataBytes(),
                state.sessions().size(),
                List.copyOf(dropped),
                List.copyOf(notes));
    }

    private ImportedState readSnapshot(List<Snapshot> snapshots) throws IOException {
        @Nullable ImportRefusedException newest = null;
        for (Snapshot each : snapshots) {
            try {
                ImportedState state = SnapshotFile.read(each);
                snapshotFile = each.file();
                return state;
            } catch (ImportRefusedException e) {
                notes.add(e.getMessage() + "; an older snapshot and the logs behind it have to do");
                newest = newest == null ? e : newest;
            }
        }
        if (newest != null && snapshots.size() == 1) {
            throw newest;
        }
        return ImportedState.empty();
    }

    private void replay(List<Log> files, ImportedState state) throws IOException {
        long snapshotZxid = state.lastZxid();
        int first = 0;
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).zxid() <= snapshotZxid + 1) {
                first = i;
            }
        }
        for (Log each : files.subList(first, files.size())) {
            try (LogFileReader reader = LogFileReader.open(each.file())) {
                if (reader == null) {
                    logs.add(new ImportReport.LogFile(each.file(), 0, 0, 0));
                } else {
                    replay(each.file(), reader, snapshotZxid, state);
                }
            }
        }
    }

    private void replay(Path file, LogFileReader reader, long snapshotZxid, ImportedState state) throws IOException {
        long applied = 0;
        long skipped = 0;
        long offset = reader.position();
        for (Transaction each = reader.next(); each != null; each = reader.next()) {
            if (each.zxid() <= snapshotZxid) {
                skipped++;
            } else {
                requireNext(file, offset, state.lastZxid(), each.zxid());
                state.apply(each);
                applied++;
            }
            offset = reader.position();
        }
        long torn = reader.tornBytes();
        if (torn > 0) {
            notes.add("Ignored " + torn + " bytes at the end of " + file + ", from offset " + reader.position()
                    + " on: a write that a crash cut short");
        }
        logs.add(new ImportReport.LogFile(file, applied, skipped, torn));
    }

    /**
     * Zxids are counted without gaps, and from 1 in each epoch, which is in the upper half. Epochs may pass without a
     * transaction, but without a snapshot nobody knows whether any of the first did.
     */
    private void requireNext(Path file, long offset, long last, long zxid) throws ImportRefusedException {
        boolean follows = epoch(last) == epoch(zxid)
                ? zxid == last + 1
                : epoch(zxid) > epoch(last)
                        && (zxid & COUNTER_MASK) == 1
                        && (last != 0 || snapshotFile != null || epoch(zxid) == 1);
        if (!follows) {
            throw ImportRefusedException.damaged(
                    file,
                    offset,
                    zxid <= last
                            ? "Transaction " + hex(zxid) + " comes behind " + hex(last)
                            : "Transactions are missing between " + hex(last) + " and " + hex(zxid),
                    null);
        }
    }

    private static long epoch(long zxid) {
        return zxid >>> Integer.SIZE;
    }

    /** Owners that are no sessions' are made Coord's own, or named. */
    private void settleOwners(ImportedState state) {
        for (long owner : state.deadOwners()) {
            if (Owner.of(owner) != Owner.PERHAPS_TTL_OF_353) {
                continue;
            }
            Collection<String> paths = List.copyOf(state.ephemeralsOf(owner));
            if (settings.convertsTimesToLiveOf353()) {
                for (String path : paths) {
                    @Nullable ImportedNode node = state.get(path);
                    if (node != null) {
                        node.owner = Znode.ownerOfTtl(owner & TTL_353_MASK);
                    }
                }
                state.forgetOwner(owner);
                notes.add(paths.size() + " znodes had a time to live in the form of 3.5.3: " + named(paths));
            } else {
                notes.add(
                        "The owner " + hex(owner) + " of " + named(paths)
                                + " might be a time to live as 3.5.3 wrote it; ask for these to be converted if that was the version");
            }
        }
    }

    private void dropSessions(ImportedState state) {
        for (long id : List.copyOf(state.sessions().keySet())) {
            if (!settings.keepsSessions()) {
                drop(state, id, "sessions were not to be kept");
            } else if (!Owner.isPossibleSession(id)) {
                drop(state, id, "Coord has no sessions with ids that begin with ff");
            }
        }
        for (long id : state.deadOwners()) {
            drop(state, id, "it had ended, or its beginning is in no file");
        }
    }

    private void drop(ImportedState state, long id, String why) {
        List<String> ephemerals = state.dropSession(id);
        dropped.add("Session " + hex(id) + ": " + why
                + (ephemerals.isEmpty() ? "" : "; with its ephemerals " + named(ephemerals)));
    }

    /** Clients that follow the list of members would go to the servers of old. */
    private void forgetEnsemble(ImportedState state) {
        @Nullable ImportedNode config = state.get(ImportedState.CONFIG);
        if (config != null && config.dataLength() > 0) {
            config.data = new byte[0];
            dropped.add("The members in " + ImportedState.CONFIG + ": they are those of the old servers");
        }
    }

    static String named(Collection<String> paths) {
        if (paths.size() <= NAMED) {
            return String.join(", ", paths);
        }
        return String.join(", ", paths.stream().limit(NAMED).toList()) + " and " + (paths.size() - NAMED) + " more";
    }

    static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }
}
