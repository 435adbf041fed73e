package io.coord.verification.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;

/** Markdown of one suite: printed and written line by line, so that a run that is cut off leaves what it has found. */
final class Report {
    private final Path file;

    Report(Path file) throws IOException {
        this.file = file;
        Files.deleteIfExists(file);
        Files.createFile(file);
    }

    Path file() {
        return file;
    }

    @SuppressWarnings("SystemOut")
    void line(String line) {
        System.out.println(line);
        System.out.flush();
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void section(String title, String... paragraphs) {
        line("");
        line("### " + title);
        for (String each : paragraphs) {
            line("");
            line(each);
        }
        line("");
    }

    void header(String... columns) {
        row(columns);
        row(Collections.nCopies(columns.length, "---").toArray(String[]::new));
    }

    void row(String... cells) {
        line("| " + String.join(" | ", List.of(cells)) + " |");
    }
}
