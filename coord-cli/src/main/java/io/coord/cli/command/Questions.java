package io.coord.cli.command;

/** Asks the one at the terminal. */
@FunctionalInterface
public interface Questions {
    /** For scripts: nobody is there to be asked. */
    Questions NOBODY = question -> true;

    /** Whether the answer is yes. */
    boolean confirm(String question);
}
