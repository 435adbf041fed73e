package io.coord.cli.command;

import io.coord.protocol.data.WatcherType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes watches. */
@Command(
        name = "removewatches",
        header = "Removes the watches of this shell from a znode",
        description = "All of them unless an option says which.")
final class RemoveWatches extends ShellCommand {
    @Option(names = "-c", description = "Those for children.")
    private boolean children;

    @Option(names = "-d", description = "Those for data.")
    private boolean data;

    @Option(names = "-a", description = "All.")
    private boolean all;

    @Option(names = "-l", description = "Also when no server can be told.")
    private boolean locally;

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) {
        WatcherType type = children ? WatcherType.CHILDREN : data ? WatcherType.DATA : WatcherType.ANY;
        if ((children ? 1 : 0) + (data ? 1 : 0) + (all ? 1 : 0) > 1) {
            throw CommandFailedException.usage("Only one of -c, -d and -a");
        }
        var request = shell.client().watchers().removeAll().ofType(type);
        if (locally) {
            request.locally();
        }
        request.forPath(path);
        return ExitCode.DONE;
    }
}
