package io.coord.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a data directory out of a backup. */
@Command(
        name = "restore",
        header = "Makes a Coord server's data directory out of a backup",
        description =
                "As of its end, or of a zxid or a time before that. Into a directory that is empty or not there. Stop the old "
                        + "server before you start one on it.")
final class Restore extends ShellCommand {
    @Option(names = "--zxid", paramLabel = "zxid", description = "Up to this change; hexadecimal behind 0x.")
    private @Nullable String zxid;

    @Option(
            names = "--time",
            paramLabel = "time",
            description = "Up to this moment, 2026-11-22T20:15:00Z for instance.")
    private @Nullable String time;

    @Parameters(index = "0", paramLabel = "backup", description = "A backup, or a data directory.")
    private Path backup = Path.of("");

    @Parameters(index = "1", paramLabel = "target", description = "The new data directory.")
    private Path target = Path.of("");

    @Override
    ExitCode run(Shell shell) {
        List<String> words = new ArrayList<>(List.of("restore", backup.toString(), target.toString()));
        Log.add(words, "--zxid", zxid);
        Log.add(words, "--time", time);
        return DataFiles.run(shell, words);
    }
}
