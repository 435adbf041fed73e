package io.coord.cli.command;

import io.coord.protocol.data.AddWatchMode;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets a watch that stays. */
@Command(name = "addWatch", header = "Sets a watch that stays, on a znode or on all below it")
final class AddWatch extends ShellCommand {
    @Option(
            names = "-m",
            paramLabel = "mode",
            description =
                    "PERSISTENT for the znode and its list of children, PERSISTENT_RECURSIVE for all below it, too; the latter "
                            + "by default.")
    private String mode = "PERSISTENT_RECURSIVE";

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Override
    ExitCode run(Shell shell) {
        AddWatchMode wanted = Arrays.stream(AddWatchMode.values())
                .filter(each -> each.name().equals(mode.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> CommandFailedException.usage("There is no mode " + mode));
        shell.client()
                .watchers()
                .add()
                .withMode(wanted)
                .usingWatcher(shell.watcher())
                .forPath(path);
        return ExitCode.DONE;
    }
}
