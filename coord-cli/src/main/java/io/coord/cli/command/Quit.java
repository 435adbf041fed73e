package io.coord.cli.command;

import picocli.CommandLine.Command;

/** Leaves the shell. */
@Command(name = "quit", aliases = "exit", header = "Ends this session and leaves the shell")
final class Quit extends ShellCommand {
    @Override
    ExitCode run(Shell shell) {
        shell.quit();
        return ExitCode.DONE;
    }
}
