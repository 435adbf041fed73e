package io.coord.cli;

import io.coord.cli.command.CommandLines;
import io.coord.cli.command.Connection;
import io.coord.cli.command.ExitCode;
import io.coord.cli.command.Questions;
import io.coord.cli.command.Shell;
import io.coord.cli.output.Output;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionState;
import java.io.IOException;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;

/** The shell at a terminal: prompt, completion, history. The main thread reads and runs; Ctrl-C interrupts what it runs. */
final class Conversation {
    private static final String HISTORY_FILE = ".coord_cli_history";

    private final Shell shell;
    private final boolean neverAsking;

    Conversation(Shell shell, boolean neverAsking) {
        this.shell = shell;
        this.neverAsking = neverAsking;
    }

    ExitCode run() throws IOException {
        shell.connection().start();
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            LineReader reader = reader(terminal);
            shell.printEventsBy(reader::printAbove);
            shell.connection().onStateChanged(event -> {
                if (event.type() == SessionEvent.Type.LOST) {
                    reader.printAbove("The session is over, and with it its ephemerals");
                }
                showState(reader);
            });
            shell.askBy(neverAsking ? Questions.NOBODY : question -> confirm(reader, question));
            converse(terminal, reader);
            shell.connection().onStateChanged(event -> {});
            shell.printEventsBy(line -> {});
        }
        return ExitCode.DONE;
    }

    private LineReader reader(Terminal terminal) {
        DefaultParser parser = new DefaultParser();
        // As CommandLines cuts a line: there is no escape.
        parser.setEscapeChars(new char[0]);
        return LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("coord-cli")
                .parser(parser)
                .completer(new WordCompleter(shell))
                .variable(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), HISTORY_FILE))
                // A password is not for a file.
                .variable(LineReader.HISTORY_IGNORE, "addauth *: *addauth *")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    private void converse(Terminal terminal, LineReader reader) {
        while (!shell.isQuitting()) {
            String line;
            try {
                line = reader.readLine(prompt());
            } catch (UserInterruptException e) {
                continue;
            } catch (EndOfFileException e) {
                return;
            }
            if (!line.isBlank()) {
                shell.history().add(line);
                runInterruptibly(terminal, line);
            }
        }
    }

    private void runInterruptibly(Terminal terminal, String line) {
        Thread runner = Thread.currentThread();
        SignalHandler before = terminal.handle(Signal.INT, signal -> runner.interrupt());
        try {
            CommandLines.run(shell, line);
        } finally {
            terminal.handle(Signal.INT, before);
            // It may have come when the command was over.
            Thread.interrupted();
        }
    }

    private static boolean confirm(LineReader reader, String question) {
        try {
            return Terminals.isYes(reader.readLine(question + " [y/N] "));
        } catch (UserInterruptException | EndOfFileException e) {
            return false;
        }
    }

    /** Redraws the prompt, if one is shown. */
    private void showState(LineReader reader) {
        if (reader instanceof LineReaderImpl shown && shown.isReading()) {
            shown.setPrompt(prompt());
            try {
                shown.callWidget(LineReader.REDISPLAY);
            } catch (IllegalStateException e) {
                // The line was ended meanwhile; the next prompt tells.
                return;
            }
        }
    }

    private String prompt() {
        Output output = shell.output();
        Connection connection = shell.connection();
        SessionState state = connection.state();
        String shown = state == SessionState.CONNECTED ? output.green(state.name()) : output.red(state.name());
        return "[coord: " + connection.settings().servers() + '(' + shown + ") "
                + shell.history().size() + "] ";
    }
}
