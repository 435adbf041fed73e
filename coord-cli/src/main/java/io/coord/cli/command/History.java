package io.coord.cli.command;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** What was typed. */
@Command(name = "history", header = "Shows the last eleven lines, with the numbers for redo")
final class History extends ShellCommand {
    private static final int SHOWN = 11;

    @Override
    ExitCode run(Shell shell) {
        List<String> lines = shell.history();
        for (int i = Math.max(0, lines.size() - SHOWN); i < lines.size(); i++) {
            if (shell.output().isJson()) {
                shell.output().json(Map.of("number", i, "line", lines.get(i)));
            } else {
                shell.output().line(i + " - " + lines.get(i));
            }
        }
        return ExitCode.DONE;
    }
}
