package io.coord.cli.output;

/** What was to be printed could not be: the disk is full, or whoever reads has gone. */
public final class OutputFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputFailedException() {
        super("Standard output takes no more");
    }
}
