package io.coord.cli.command;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Which release this is. */
@Command(name = "version", header = "Prints the version of this shell")
final class VersionCommand extends ShellCommand {
    @Override
    ExitCode run(Shell shell) {
        if (shell.output().isJson()) {
            shell.output()
                    .json(Map.of("coord", coord(), "java", Runtime.version().toString()));
        } else {
            shell.output().line("Coord " + coord() + ", Java " + Runtime.version());
        }
        return ExitCode.DONE;
    }

    private static String coord() {
        @Nullable String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
