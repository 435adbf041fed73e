package io.coord.cli.command;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Counts what is below a znode. */
@Command(name = "getAllChildrenNumber", header = "Counts the znodes below one, at any depth")
final class GetAllChildrenNumber extends ShellCommand {
    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) {
        int count = shell.client().getAllChildrenNumber().forPath(path);
        if (shell.output().isJson()) {
            shell.output().json(Map.of("path", path, "count", count));
        } else {
            shell.output().line(String.valueOf(count));
        }
        return ExitCode.DONE;
    }
}
