package io.coord.cli.command;

import io.coord.protocol.data.ClientInfo;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** As whom the server sees this shell. */
@Command(name = "whoami", header = "As whom the server sees this shell")
final class WhoAmI extends ShellCommand {
    @Override
    ExitCode run(Shell shell) {
        List<ClientInfo> known = shell.client().whoAmI().forConnection();
        if (shell.output().isJson()) {
            shell.output()
                    .json(known.stream()
                            .map(each -> Map.of("scheme", each.authScheme(), "user", each.user()))
                            .toList());
            return ExitCode.DONE;
        }
        shell.output().line("Auth scheme: User");
        known.forEach(each -> shell.output().line(each.authScheme() + ": " + each.user()));
        return ExitCode.DONE;
    }
}
