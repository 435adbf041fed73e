package io.coord.cli.command;

import org.jspecify.annotations.Nullable;

/** A command could not do what it was asked for; the message is for the one at the terminal. */
public final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode code;

    CommandFailedException(ExitCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    static CommandFailedException usage(String message) {
        return new CommandFailedException(ExitCode.USAGE, message, null);
    }

    static CommandFailedException refused(String message) {
        return new CommandFailedException(ExitCode.REFUSED, message, null);
    }

    public ExitCode code() {
        return code;
    }
}
