package io.coord.cli.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Does a line again. */
@Command(name = "redo", header = "Does a line again, by its number in history")
final class Redo extends ShellCommand {
    @Parameters(index = "0", paramLabel = "number", description = "As history shows it.")
    private int number;

    @Override
    ExitCode run(Shell shell) throws InterruptedException {
        List<String> lines = shell.history();
        // The last one is this redo itself.
        if (number < 0 || number >= lines.size() - 1) {
            throw CommandFailedException.usage("Command index out of range");
        }
        String line = lines.get(number);
        if (line.strip().split("\\s", 2)[0].equals("redo")) {
            throw CommandFailedException.usage("No redoing redos");
        }
        lines.set(lines.size() - 1, line);
        return CommandLines.run(shell, line);
    }
}
