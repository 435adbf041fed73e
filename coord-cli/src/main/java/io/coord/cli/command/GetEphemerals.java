package io.coord.cli.command;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists this session's ephemerals. */
@Command(name = "getEphemerals", header = "Lists the ephemeral znodes of this shell's session")
final class GetEphemerals extends ShellCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "path",
            description = "Only those whose paths begin with this.")
    private String path = "/";

    @Override
    ExitCode run(Shell shell) {
        List<String> found =
                shell.client().getEphemerals().forPath(path).stream().sorted().toList();
        if (shell.output().isJson()) {
            shell.output().json(Map.of("ephemerals", found));
        } else {
            shell.output().line(found.toString());
        }
        return ExitCode.DONE;
    }
}
