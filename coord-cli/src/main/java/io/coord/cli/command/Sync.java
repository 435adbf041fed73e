package io.coord.cli.command;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes the server catch up. */
@Command(name = "sync", header = "Makes the server catch up with its leader")
final class Sync extends ShellCommand {
    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) {
        shell.client().sync().forPath(path);
        if (shell.output().isJson()) {
            shell.output().json(Map.of("synced", path));
        } else {
            shell.output().line("Sync is OK");
        }
        return ExitCode.DONE;
    }
}
