package io.coord.cli;

import io.coord.cli.command.CommandLines;
import io.coord.cli.command.Connection;
import io.coord.cli.command.ExitCode;
import io.coord.cli.command.Shell;
import io.coord.cli.output.Output;
import io.coord.client.InvalidConnectStringException;
import io.coord.protocol.tls.InvalidTlsMaterialException;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** The process: {@code java -jar coord-cli.jar -s host:port [command]}. */
public final class CoordCli {
    private static final long LAST_WORDS_MS = 2_000;

    private CoordCli() {}

    /** Ends the JVM with the number of an {@link ExitCode}. */
    public static void main(String[] words) {
        // What goes wrong is told by the commands; a client's log would tell it again, in between.
        LogManager.getLogManager().getLogger("").setLevel(Level.OFF);
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(endingTheSession(Thread.currentThread(), ended));
        ExitCode code = run(words, System.in, out, err, Terminals.isTerminal());
        out.flush();
        err.flush();
        ended.countDown();
        System.exit(code.number());
    }

    /** For signals: without it the session, and its ephemerals with it, would stay until it expires. */
    private static Thread endingTheSession(Thread main, CountDownLatch ended) {
        return new Thread(
                () -> {
                    if (ended.getCount() > 0) {
                        main.interrupt();
                        try {
                            if (!ended.await(LAST_WORDS_MS, TimeUnit.MILLISECONDS)) {
                                return;
                            }
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                },
                "coord-cli-end");
    }

    private static PrintStream stream(FileDescriptor to) {
        return new PrintStream(new FileOutputStream(to), true, StandardCharsets.UTF_8);
    }

    /** As the process, but for its end. */
    static ExitCode run(String[] words, InputStream in, PrintStream out, PrintStream err, boolean atTerminal) {
        Arguments arguments = new Arguments();
        CommandLine line = Arguments.parser(arguments);
        Connection.Settings settings;
        try {
            line.parseArgs(words);
            if (line.isUsageHelpRequested()) {
                out.print(line.getUsageMessage(Ansi.OFF));
                return ExitCode.DONE;
            }
            settings = arguments.connection();
        } catch (ParameterException | IllegalArgumentException | InvalidTlsMaterialException e) {
            err.println(e.getMessage());
            err.println("\"coord-cli --help\" shows what is possible.");
            return ExitCode.USAGE;
        }
        boolean colored = atTerminal
                && !arguments.noColor
                && System.getenv("NO_COLOR") == null
                && !"dumb".equals(System.getenv("TERM"));
        Output output = new Output(out, err, arguments.format, colored);
        try (Connection connection = new Connection(settings)) {
            Shell shell = new Shell(connection, output, arguments.command.isEmpty() ? null : in);
            if (atTerminal && !arguments.yes) {
                shell.askBy(Terminals.questions(in, err));
            }
            if (settings.waiting()) {
                ExitCode connected = CommandLines.awaitConnection(shell);
                if (connected != ExitCode.DONE) {
                    return connected;
                }
            }
            if (!arguments.command.isEmpty()) {
                return CommandLines.run(shell, arguments.command);
            }
            return atTerminal ? new Conversation(shell, arguments.yes).run() : script(shell, in, arguments.stopOnError);
        } catch (InvalidConnectStringException e) {
            err.println(e.getMessage());
            return ExitCode.USAGE;
        } catch (IOException e) {
            err.println(e);
            return ExitCode.REFUSED;
        }
    }

    /** Line by line to the end; the code is that of the last command that failed, if one did. */
    private static ExitCode script(Shell shell, InputStream in, boolean stopOnError) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        ExitCode worst = ExitCode.DONE;
        for (String line = lines.readLine(); line != null && !shell.isQuitting(); line = lines.readLine()) {
            if (line.isBlank()) {
                continue;
            }
            shell.history().add(line);
            ExitCode code = CommandLines.run(shell, line);
            if (code != ExitCode.DONE) {
                worst = code;
                if (stopOnError) {
                    return worst;
                }
            }
        }
        return worst;
    }
}
