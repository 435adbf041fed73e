package io.coord.cli.command;

import picocli.CommandLine.Command;

/** Ends the session. */
@Command(name = "close", header = "Ends this session; connect begins another")
final class Close extends ShellCommand {
    @Override
    ExitCode run(Shell shell) {
        shell.connection().close();
        return ExitCode.DONE;
    }
}
