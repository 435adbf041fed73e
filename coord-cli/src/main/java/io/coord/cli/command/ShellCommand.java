package io.coord.cli.command;

import java.io.IOException;
import picocli.CommandLine.Option;

/** A command: an object is made for each line, filled by picocli and run once. */
public abstract class ShellCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    /**
     * Does it, or throws {@link CommandFailedException}, {@link io.coord.client.error.CoordException}, {@link
     * IllegalArgumentException} for a wrong path.
     */
    abstract ExitCode run(Shell shell) throws IOException, InterruptedException;
}
