package io.coord.server.data;

import io.coord.server.internal.backup.Backup;
import io.coord.server.internal.backup.BackupReport;
import io.coord.server.internal.backup.Restore;
import io.coord.server.internal.backup.RestorePoint;
import io.coord.server.internal.backup.RestoreReport;
import io.coord.server.internal.inspection.EntryFilter;
import io.coord.server.internal.inspection.LogView;
import io.coord.server.internal.inspection.SnapshotComparison;
import io.coord.server.internal.inspection.SnapshotView;
import io.coord.server.internal.log.DataDirectories;
import io.coord.server.internal.log.LogDirectory;
import io.coord.server.internal.log.LogScan;
import io.coord.server.internal.migration.ImportReport;
import io.coord.server.internal.migration.ImportSettings;
import io.coord.server.internal.migration.ZooKeeperImport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A command on a data directory: its first word says which. The caller's thread. */
public final class DataCommand {
    /** All is well. */
    public static final int OK = 0;
    /** Something is damaged, or could not be done. */
    public static final int FAILED = 1;
    /** The command line is wrong; nothing was done. */
    public static final int WRONG_USAGE = 2;

    public static final String USAGE = """
            log <data directory> [--path P] [--session 0x..] [--from-zxid Z] [--to-zxid Z] [--since T] [--until T]
                [--requests-only] [--data] [--json]
                  what the log did: when, by which session, with which result
            snapshot <data directory or .snap file> [--path P] [--data] [--json]
                  what a snapshot, the newest of a directory, holds
            compare <.snap file> <.snap file> [--json]
                  what changed from one snapshot to another
            backup <data directory> <target directory or .tar.gz> [--history]
                  saves all that is in the log by now; a server may work in the directory
            restore <backup or data directory> <target directory> [--zxid Z] [--time T]
                  makes a data directory, as of the end or up to a zxid or a time
            import <ZooKeeper's dataDir> <target directory> [--log-dir ZooKeeper's dataLogDir] [--drop-sessions]
                [--ttl-353]
                  makes a data directory of what a stopped ZooKeeper 3.4 to 3.9 left
            Zxids and sessions are hexadecimal behind 0x; times are as 2026-11-22T20:15:00Z.
            """;

    private static final Set<String> NONE = Set.of();

    private final PrintStream out;

    private DataCommand(PrintStream out) {
        this.out = out;
    }

    /**
     * Does what the words say.
     *
     * @return the exit code: {@link #OK}, {@link #FAILED} or {@link #WRONG_USAGE}
     */
    public static int run(List<String> words, PrintStream out, PrintStream err) {
        try {
            if (words.isEmpty()) {
                throw new UsageException("Which command?");
            }
            return new DataCommand(out).run(words.get(0), words.subList(1, words.size()));
        } catch (UsageException e) {
            err.println(e.getMessage());
            err.print(USAGE);
            return WRONG_USAGE;
        } catch (IOException | RuntimeException e) {
            err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            return FAILED;
        }
    }

    private int run(String command, List<String> words) throws IOException {
        return switch (command) {
            case "log" -> log(words);
            case "snapshot" -> snapshot(words);
            case "compare" -> compare(words);
            case "backup" -> backup(words);
            case "restore" -> restore(words);
            case "import" -> importZooKeeper(words);
            default -> throw new UsageException("There is no command " + command);
        };
    }

    private int log(List<String> words) throws IOException {
        Arguments arguments = Arguments.parse(
                words,
                1,
                1,
                Set.of("--path", "--session", "--from-zxid", "--to-zxid", "--since", "--until"),
                Set.of("--requests-only", "--data", "--json"));
        EntryFilter filter = new EntryFilter(
                arguments.text("--path", "/"),
                arguments.number("--session", 0),
                arguments.number("--from-zxid", 0),
                arguments.number("--to-zxid", Long.MAX_VALUE),
                arguments.time("--since", 0),
                arguments.time("--until", Long.MAX_VALUE));
        LogOutput output = new LogOutput(out, arguments.flag("--json"), arguments.flag("--data"));
        LogDirectory directory = DataDirectories.existing(arguments.path(0)).openToRead();
        LogView.show(directory, filter, !arguments.flag("--requests-only"), output);
        output.end();
        return output.sawDamage() ? FAILED : OK;
    }

    private int snapshot(List<String> words) throws IOException {
        Arguments arguments = Arguments.parse(words, 1, 1, Set.of("--path"), Set.of("--data", "--json"));
        SnapshotOutput output = new SnapshotOutput(
                out, arguments.text("--path", "/"), arguments.flag("--json"), arguments.flag("--data"));
        Chosen chosen = choose(arguments.path(0));
        SnapshotView.show(chosen.directory, chosen.index, output);
        output.end();
        return output.sawDamage() ? FAILED : OK;
    }

    private int compare(List<String> words) throws IOException {
        Arguments arguments = Arguments.parse(words, 2, 2, NONE, Set.of("--json"));
        ComparisonOutput output = new ComparisonOutput(out, arguments.flag("--json"));
        Chosen earlier = choose(arguments.path(0));
        Chosen later = choose(arguments.path(1));
        SnapshotComparison.show(earlier.directory, earlier.index, later.directory, later.index, output);
        output.end();
        return output.sawDamage() ? FAILED : OK;
    }

    private record Chosen(LogDirectory directory, long index) {}

    /** A snapshot by its file, or the newest of a directory. */
    private static Chosen choose(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            LogDirectory directory = DataDirectories.of(place, null).openToRead();
            List<Long> snapshots = LogScan.snapshots(directory);
            if (snapshots.isEmpty()) {
                throw new UsageException("There is no snapshot in " + place);
            }
            return new Chosen(directory, snapshots.get(0));
        }
        @Nullable Path parent = place.toAbsolutePath().getParent();
        long index = LogScan.snapshotIndex(place.getFileName().toString());
        if (parent == null || index < 0) {
            throw new UsageException(place + " is neither a directory nor a snapshot-*.snap");
        }
        return new Chosen(DataDirectories.of(parent, null).openToRead(), index);
    }

    private int backup(List<String> words) throws IOException {
        Arguments arguments = Arguments.parse(words, 2, 2, NONE, Set.of("--history"));
        LogDirectory directory = DataDirectories.existing(arguments.path(0)).openToRead();
        BackupReport report = Backup.now(directory, arguments.path(1), arguments.flag("--history"));
        out.println("Saved " + report.target() + ": zxid " + Texts.hex(report.zxid()) + ", "
                + Instant.ofEpochMilli(report.timeMs()) + ", index " + report.lastIndex() + ", " + report.files()
                + " files of " + report.bytes() + " bytes, read back whole");
        return OK;
    }

    private int restore(List<String> words) throws IOException {
        Arguments arguments = Arguments.parse(words, 2, 2, Set.of("--zxid", "--time"), NONE);
        RestorePoint point =
                new RestorePoint(arguments.number("--zxid", Long.MAX_VALUE), arguments.time("--time", Long.MAX_VALUE));
        RestoreReport report = Restore.run(arguments.path(0), arguments.path(1), point);
        out.println("Restored " + report.target() + ": zxid " + Texts.hex(report.zxid()) + ", "
                + Instant.ofEpochMilli(report.timeMs()) + ", " + report.znodes() + " znodes, " + report.sessions()
                + " sessions, read back whole");
        return OK;
    }

    private int importZooKeeper(List<String> words) throws IOException {
        Arguments arguments = Arguments.parse(words, 2, 2, Set.of("--log-dir"), Set.of("--drop-sessions", "--ttl-353"));
        ImportReport report = ZooKeeperImport.run(new ImportSettings(
                arguments.path(0),
                arguments.pathOf("--log-dir"),
                arguments.path(1),
                !arguments.flag("--drop-sessions"),
                arguments.flag("--ttl-353")));
        print(report);
        return OK;
    }

    private void print(ImportReport report) {
        out.println("Snapshot: " + (report.snapshot() == null ? "none" : report.snapshot()));
        for (ImportReport.LogFile each : report.logs()) {
            out.println("Log: " + each.file() + ": " + each.applied() + " transactions behind the snapshot, "
                    + each.skipped() + " before it"
                    + (each.tornBytes() == 0 ? "" : ", " + each.tornBytes() + " bytes of an unfinished write"));
        }
        out.println("Imported " + report.znodes() + " znodes (" + report.ephemerals() + " ephemeral, "
                + report.containers() + " containers, " + report.withTimeToLive() + " with a time to live), "
                + report.dataBytes() + " bytes of data, " + report.accessLists() + " ACLs, " + report.quotas()
                + " quotas, " + report.sessions() + " sessions, up to zxid " + Texts.hex(report.lastZxid()));
        report.dropped().forEach(each -> out.println("Dropped: " + each));
        report.notes().forEach(each -> out.println("Note: " + each));
        out.println("Made " + report.target() + ", read back and compared");
    }
}
