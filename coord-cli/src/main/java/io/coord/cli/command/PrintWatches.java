package io.coord.cli.command;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Whether watch events are printed. */
@Command(name = "printwatches", header = "Says or changes whether events of watches are printed")
final class PrintWatches extends ShellCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "on|off", description = "What to change it to.")
    private @Nullable String value;

    @Override
    ExitCode run(Shell shell) {
        if (value != null) {
            shell.printWatches(value.equals("on"));
        } else if (shell.output().isJson()) {
            shell.output().json(Map.of("printwatches", shell.isPrintingWatches()));
        } else {
            shell.output().line("printwatches is " + (shell.isPrintingWatches() ? "on" : "off"));
        }
        return ExitCode.DONE;
    }
}
