package io.coord.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Data to write: the word behind the path, a file, or standard input; bytes as they are. */
final class DataOption {
    static final String STANDARD = "-";

    @Option(names = "-f", paramLabel = "file", description = "Data from a file; - is standard input.")
    private @Nullable String file;

    /**
     * Null when there are none.
     *
     * @param given the word behind the path; null when there is none
     */
    byte @Nullable [] read(Shell shell, @Nullable String given) {
        String source = file;
        if (source == null) {
            return given == null ? null : given.getBytes(StandardCharsets.UTF_8);
        }
        if (given != null) {
            throw CommandFailedException.usage("Data are given twice: as a word and with -f");
        }
        try {
            return source.equals(STANDARD) ? shell.input().readAllBytes() : Files.readAllBytes(Path.of(source));
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.USAGE, "Cannot read " + source + ": " + e, e);
        }
    }
}
