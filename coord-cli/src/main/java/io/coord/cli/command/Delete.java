package io.coord.cli.command;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes a znode. */
@Command(name = "delete", header = "Deletes a znode that has no children")
final class Delete extends ShellCommand {
    @Option(names = "-v", paramLabel = "version", description = "Only if the data have this version.")
    private int version = -1;

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Parameters(index = "1", arity = "0..1", hidden = true)
    private @Nullable Integer oldVersion;

    @Override
    ExitCode run(Shell shell) {
        Integer old = oldVersion;
        if (old != null) {
            shell.output()
                    .note(
                            "'delete path [version]' has been deprecated. Please use 'delete [-v version] path' instead.");
            version = old;
        }
        shell.client().delete().withVersion(version).forPath(path);
        if (shell.output().isJson()) {
            shell.output().json(Map.of("deleted", path));
        }
        return ExitCode.DONE;
    }
}
