package io.coord.cli.command;

import io.coord.server.data.DataCommand;
import java.util.List;

/** Has the server's own commands work on its files. */
final class DataFiles {
    private DataFiles() {}

    static ExitCode run(Shell shell, List<String> words) {
        return switch (DataCommand.run(
                words, shell.output().out(), shell.output().err())) {
            case DataCommand.OK -> ExitCode.DONE;
            case DataCommand.WRONG_USAGE -> ExitCode.USAGE;
            default -> ExitCode.REFUSED;
        };
    }
}
