package io.coord.cli.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What happened to a znode. */
@Command(
        name = "log",
        header = "What happened to a znode: when, by which session, with which result",
        description = "From the log of a Coord server, on its machine; the server may go on working.")
final class Log extends ShellCommand {
    @Option(names = "--session", paramLabel = "id", description = "Only what this session did; hexadecimal behind 0x.")
    private @Nullable String session;

    @Option(names = "--from-zxid", paramLabel = "zxid", description = "From this change on.")
    private @Nullable String fromZxid;

    @Option(names = "--to-zxid", paramLabel = "zxid", description = "Up to this change.")
    private @Nullable String toZxid;

    @Option(
            names = "--since",
            paramLabel = "time",
            description = "From this moment on, 2026-11-22T20:15:00Z for instance.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "time", description = "Up to this moment.")
    private @Nullable String until;

    @Option(names = "--data", description = "With what was written.")
    private boolean withData;

    @Option(
            names = "--requests-only",
            description = "Without results and zxids, which take a server's memory to find out.")
    private boolean requestsOnly;

    @Parameters(index = "0", paramLabel = "data-directory", description = "The server's.")
    private Path data = Path.of("");

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "path",
            description = "The znode, with all below it; everything by default.")
    private @Nullable String path;

    @Override
    ExitCode run(Shell shell) {
        List<String> words = new ArrayList<>(List.of("log", data.toString()));
        add(words, "--path", path);
        add(words, "--session", session);
        add(words, "--from-zxid", fromZxid);
        add(words, "--to-zxid", toZxid);
        add(words, "--since", since);
        add(words, "--until", until);
        if (withData) {
            words.add("--data");
        }
        if (requestsOnly) {
            words.add("--requests-only");
        }
        if (shell.output().isJson()) {
            words.add("--json");
        }
        return DataFiles.run(shell, words);
    }

    static void add(List<String> words, String option, @Nullable String value) {
        if (value != null) {
            words.add(option);
            words.add(value);
        }
    }
}
