package io.coord.verification.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts a suite's figures between its two markers in {@code docs/BENCHMARKS.md}; all else there is written by hand. */
final class BenchmarksDocument {
    private final Path file;

    BenchmarksDocument(Path file) {
        this.file = file;
    }

    void take(String suite, Path figures) throws IOException {
        String begin = "<!-- figures of the suite " + suite + ": begin -->\n";
        String end = "<!-- figures of the suite " + suite + ": end -->";
        String text = Files.readString(file);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(file + " has no place for the figures of " + suite);
        }
        Files.writeString(
                file, text.substring(0, from + begin.length()) + Files.readString(figures) + text.substring(to));
    }
}
