package io.coord.cli.output;

import java.io.PrintStream;
import java.util.List;

/**
 * Where answers go. Thread-safe: events of watches are printed while a command prints.
 *
 * @param out answers
 * @param err notes, questions and failures
 * @param format of the answers
 * @param colored whether colours are wanted and can be seen
 */
public record Output(PrintStream out, PrintStream err, Format format, boolean colored) {
    /** How answers look. */
    public enum Format {
        TEXT,
        JSON
    }

    private static final String RESET = "\u001b[0m";

    public boolean isJson() {
        return format == Format.JSON;
    }

    /**
     * A line of an answer.
     *
     * @throws OutputFailedException when it, or one before it, could not be written
     */
    public void line(String text) {
        out.println(text);
        requireWritten();
    }

    /**
     * Looks whether all that was printed has been written: a print stream tells nobody by itself.
     *
     * @throws OutputFailedException when it has not
     */
    public void requireWritten() {
        if (out.checkError()) {
            throw new OutputFailedException();
        }
    }

    public void lines(List<String> texts) {
        texts.forEach(this::line);
    }

    /** One JSON value as a line. */
    public void json(Object value) {
        line(Json.line(value));
    }

    /** Bytes as they are. */
    public void bytes(byte[] data) {
        out.write(data, 0, data.length);
        requireWritten();
    }

    /** What is no part of the answer. */
    public void note(String text) {
        err.println(text);
    }

    /** A table, its first line emphasised. */
    public void table(TextTable table) {
        List<String> lines = table.lines();
        line(colored ? bold(lines.get(0)) : lines.get(0));
        lines(lines.subList(1, lines.size()));
    }

    public String bold(String text) {
        return painted("\u001b[1m", text);
    }

    public String green(String text) {
        return painted("\u001b[32m", text);
    }

    public String red(String text) {
        return painted("\u001b[31m", text);
    }

    private String painted(String code, String text) {
        return colored ? code + text + RESET : text;
    }
}
