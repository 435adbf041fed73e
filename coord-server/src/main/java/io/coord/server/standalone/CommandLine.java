package io.coord.server.standalone;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the process is asked to do: a verb and the configuration file that it concerns. A file alone is to be run.
 *
 * @param file null for verbs that need none
 */
record CommandLine(Verb verb, @Nullable Path file) {
    static final String USAGE = "Usage: java -jar coord-server.jar [run|status|check] <zoo.cfg> | version | data ...";

    enum Verb {
        RUN,
        STATUS,
        CHECK,
        VERSION
    }

    /** @return null when nobody can tell what is meant */
    static @Nullable CommandLine parse(String[] arguments) {
        if (arguments.length == 1) {
            return arguments[0].equals("version")
                    ? new CommandLine(Verb.VERSION, null)
                    : verb(arguments[0]) == null ? new CommandLine(Verb.RUN, Path.of(arguments[0])) : null;
        }
        @Nullable Verb verb = arguments.length == 2 ? verb(arguments[0]) : null;
        return verb == null ? null : new CommandLine(verb, Path.of(arguments[1]));
    }

    private static @Nullable Verb verb(String word) {
        return switch (word) {
            case "run" -> Verb.RUN;
            case "status" -> Verb.STATUS;
            case "check" -> Verb.CHECK;
            default -> null;
        };
    }
}
