package io.coord.cli.command;

import io.coord.cli.output.Json;
import io.coord.cli.output.Output;
import io.coord.cli.output.OutputFailedException;
import io.coord.client.InvalidConnectStringException;
import io.coord.client.error.CoordException;
import io.coord.protocol.data.InvalidPathException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** From a line to what it does. Failures are printed here, and nowhere else. */
public final class CommandLines {
    /** As ZooKeeper's shell cuts a line: quotes count at the beginning of a word only, and there is no escape. */
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    private CommandLines() {}

    public static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            String quoted = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            words.add(quoted == null ? matcher.group(3) : quoted);
        }
        return words;
    }

    /** Does what a line says; an empty line, or one that begins with {@code #}, says nothing. */
    public static ExitCode run(Shell shell, String line) {
        List<String> words = words(line);
        return words.isEmpty() || words.get(0).startsWith("#") ? ExitCode.DONE : run(shell, words);
    }

    /** Does what the words say. An interruption ends the command, and is over then. */
    public static ExitCode run(Shell shell, List<String> words) {
        String name = words.get(0);
        Output output = shell.output();
        Optional<ShellCommand> found = CommandTable.command(name);
        if (found.isEmpty()) {
            fail(output, ExitCode.USAGE, null, "Command not found " + name + "; \"help\" lists the commands");
            return ExitCode.USAGE;
        }
        CommandLine line = CommandTable.describe(found.get());
        try {
            line.parseArgs(words.subList(1, words.size()).toArray(new String[0]));
        } catch (ParameterException e) {
            fail(output, ExitCode.USAGE, null, e.getMessage() + "\n" + synopsis(line));
            return ExitCode.USAGE;
        }
        if (line.isUsageHelpRequested()) {
            usage(output, line).lines().forEach(output::line);
            return ExitCode.DONE;
        }
        return guarded(shell.output(), () -> found.get().run(shell));
    }

    /** Waits for the first connection, and says what stands in its way. */
    public static ExitCode awaitConnection(Shell shell) {
        return guarded(shell.output(), () -> {
            shell.client();
            return ExitCode.DONE;
        });
    }

    private interface Step {
        ExitCode run() throws IOException, InterruptedException;
    }

    private static ExitCode guarded(Output output, Step step) {
        try {
            ExitCode code = step.run();
            output.requireWritten();
            return code;
        } catch (CommandFailedException e) {
            return fail(output, e.code(), null, e.getMessage());
        } catch (CoordException e) {
            // The flag stays set when a call was interrupted; the shell goes on.
            Thread.interrupted();
            return fail(output, ExitCode.of(e), e.getClass().getSimpleName(), Failures.text(e));
        } catch (InvalidPathException | InvalidConnectStringException e) {
            return fail(output, ExitCode.USAGE, null, e.getMessage());
        } catch (InterruptedException e) {
            return fail(output, ExitCode.INTERRUPTED, null, "Interrupted");
        } catch (OutputFailedException e) {
            return fail(output, ExitCode.REFUSED, null, e.getMessage());
        } catch (IOException e) {
            return fail(output, ExitCode.REFUSED, null, e.toString());
        } catch (RuntimeException e) {
            // A mistake of ours must not end a conversation; whoever reports it needs all there is to know.
            e.printStackTrace(output.err());
            return fail(output, ExitCode.REFUSED, null, "This should not happen, please report it: " + e);
        }
    }

    private static ExitCode fail(Output output, ExitCode code, @Nullable String kind, @Nullable String message) {
        if (output.isJson()) {
            Map<String, @Nullable Object> json = Json.object();
            json.put("error", message);
            if (kind != null) {
                json.put("kind", kind.replace("Exception", ""));
            }
            json.put("exitCode", code.number());
            output.note(Json.line(json));
        } else {
            output.note(output.red(String.valueOf(message)));
        }
        return code;
    }

    private static String synopsis(CommandLine line) {
        line.setSeparator(" ");
        return "Usage: " + line.getHelp().synopsis("Usage: ".length()).strip();
    }

    /** All that a command can do. */
    public static String usage(Output output, CommandLine line) {
        line.setSeparator(" ");
        return line.getUsageMessage(output.colored() ? Ansi.ON : Ansi.OFF);
    }
}
