package io.coord.cli.command;

import io.coord.cli.output.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the commands, or explains one. */
@Command(name = "help", header = "Lists the commands, or explains one")
final class HelpCommand extends ShellCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "command", description = "The one to explain.")
    private @Nullable String name;

    @Override
    ExitCode run(Shell shell) {
        Output output = shell.output();
        String asked = name;
        if (asked != null) {
            CommandLine line = CommandTable.describe(asked)
                    .orElseThrow(() -> CommandFailedException.usage("Command not found " + asked));
            CommandLines.usage(output, line).lines().forEach(output::line);
            return ExitCode.DONE;
        }
        if (output.isJson()) {
            List<Map<String, String>> all = new ArrayList<>();
            CommandTable.names().forEach(each -> all.add(Map.of("command", each, "does", header(each))));
            output.json(all);
            return ExitCode.DONE;
        }
        for (String group : CommandTable.groupNames()) {
            output.line(output.bold(group));
            for (String each : CommandTable.names(group)) {
                output.line(String.format("  %-22s%s", each, header(each)));
            }
        }
        return ExitCode.DONE;
    }

    private static String header(String command) {
        return CommandTable.describe(command)
                .map(each ->
                        String.join(" ", each.getCommandSpec().usageMessage().header()))
                .orElse("");
    }
}
