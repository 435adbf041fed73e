package io.coord.cli;

import io.coord.cli.command.Questions;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether somebody sits there, and what they say. */
final class Terminals {
    private Terminals() {}

    /** Both standard input and standard output. */
    @SuppressWarnings("SystemConsoleNull") // Both answers are understood.
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From JDK 22 on there is a console without a terminal, too.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    static Questions questions(InputStream in, PrintStream err) {
        BufferedReader answers = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        return question -> {
            err.print(question + " [y/N] ");
            err.flush();
            try {
                return isYes(answers.readLine());
            } catch (IOException e) {
                // Nobody can be asked: that is no yes.
                return false;
            }
        };
    }

    static boolean isYes(@Nullable String answer) {
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
