package io.coord.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Connects with other servers. */
@Command(name = "connect", header = "Ends this session and begins one with other servers")
final class Connect extends ShellCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "servers",
            description = "host:port[,host:port...][/chroot]; the same as before when left out.")
    private String servers = "";

    @Override
    ExitCode run(Shell shell) {
        shell.connection()
                .connect(servers.isEmpty() ? shell.connection().settings().servers() : servers);
        return ExitCode.DONE;
    }
}
