package io.coord.cli.command;

import picocli.CommandLine.Option;

/** For what asks before it does something dangerous. */
final class Consent {
    @Option(
            names = {"-y", "--yes"},
            description = "Does not ask.")
    private boolean given;

    /** @throws CommandFailedException when somebody was asked and has not said yes */
    void require(Shell shell, String question) {
        shell.confirm(given, question);
    }
}
