package io.coord.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves a server's files. */
@Command(
        name = "backup",
        header = "Saves all that a Coord server's files hold by now",
        description =
                "On the server's machine, from its data directory; the server may go on working. Never replaces anything.")
final class Backup extends ShellCommand {
    @Option(
            names = "--history",
            description = "With older snapshots, so that each moment since the oldest can be restored.")
    private boolean history;

    @Parameters(index = "0", paramLabel = "data-directory", description = "The server's.")
    private Path data = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "target",
            description = "A new directory, or a new file that ends in .tar.gz.")
    private Path target = Path.of("");

    @Override
    ExitCode run(Shell shell) {
        List<String> words = new ArrayList<>(List.of("backup", data.toString(), target.toString()));
        if (history) {
            words.add("--history");
        }
        return DataFiles.run(shell, words);
    }
}
