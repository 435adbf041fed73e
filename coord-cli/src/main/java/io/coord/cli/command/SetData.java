package io.coord.cli.command;

import io.coord.protocol.data.Stat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replaces a znode's data. */
@Command(name = "set", header = "Replaces a znode's data")
final class SetData extends ShellCommand {
    @Mixin
    private StatOption statOption = new StatOption();

    @Option(names = "-v", paramLabel = "version", description = "Only if the data have this version.")
    private int version = -1;

    @Mixin
    private DataOption dataOption = new DataOption();

    @Parameters(index = "0", paramLabel = "path", description = "The znode.")
    private String path = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "data", description = "Data, stored as UTF-8.")
    private @Nullable String data;

    @Override
    ExitCode run(Shell shell) {
        byte @Nullable [] bytes = dataOption.read(shell, data);
        if (bytes == null) {
            throw CommandFailedException.usage("Data are missing: set [-s] [-v version] path data");
        }
        Stat stat = shell.client().setData().withVersion(version).forPath(path, bytes);
        if (statOption.isWanted()) {
            StatCommand.print(shell.output(), path, stat);
        } else if (shell.output().isJson()) {
            shell.output().json(Map.of("path", path, "version", stat.version()));
        }
        return ExitCode.DONE;
    }
}
