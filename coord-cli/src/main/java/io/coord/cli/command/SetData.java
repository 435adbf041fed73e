package io.coord.cli.command;

import io.coord.protocol.data.Stat;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replaces a znode's data. */
@Command(name = "set", header = "Replaces a znode's data")
final class SetData extends ShellCommand {
    @Option(names = "-s", description = "Also the stat.")
    private boolean withStat;

    @Option(names = "-v", paramLabel = "version", description = "Only if the data have this version.")
    private int version = -1;

    @Option(names = "-f", paramLabel = "file", description = "Data from a file; - is standard input.")
    private @Nullable String file;

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "data", description = "Data, stored as UTF-8.")
    private @Nullable String data;

    @Override
    ExitCode run(Shell shell) throws IOException {
        if (data == null && file == null) {
            throw CommandFailedException.usage("Data are missing: set [-s] [-v version] path data");
        }
        byte[] bytes = DataSource.read(shell, data, file);
        Stat stat = shell.client().setData().withVersion(version).forPath(path, bytes);
        if (withStat) {
            StatCommand.print(shell.output(), path, stat);
        } else if (shell.output().isJson()) {
            shell.output().json(Map.of("path", path, "version", stat.version()));
        }
        return ExitCode.DONE;
    }
}
