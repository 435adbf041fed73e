package io.coord.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Data to write: the word on the command line, a file, or standard input; bytes as they are. */
final class DataSource {
    static final String STANDARD = "-";

    private DataSource() {}

    static byte[] read(Shell shell, @Nullable String word, @Nullable String file) throws IOException {
        if (file == null) {
            return word == null ? new byte[0] : word.getBytes(StandardCharsets.UTF_8);
        }
        if (word != null) {
            throw CommandFailedException.usage("Data are given twice: as a word and with -f");
        }
        try {
            return file.equals(STANDARD) ? shell.input().readAllBytes() : Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.USAGE, "Cannot read " + file + ": " + e, e);
        }
    }
}
