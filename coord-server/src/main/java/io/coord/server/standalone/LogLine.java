package io.coord.server.standalone;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * {@code 2026-11-22T20:30:00.123+01:00 INFO  [coord-server] io.coord.server.ServerLife - text}. Put together by hand: the JDK's
 * formatters for text and time are a noticeable part of a cold start.
 */
final class LogLine extends Formatter {
    private static final int NANOS_OF_A_MILLI = 1_000_000;

    private final ZoneId zone;

    LogLine(ZoneId zone) {
        this.zone = zone;
    }

    /** On the thread that logs, whose name is in the line. */
    @Override
    public String format(LogRecord event) {
        StringBuilder line = new StringBuilder(160);
        append(line, OffsetDateTime.ofInstant(event.getInstant(), zone));
        line.append(' ')
                .append(level(event.getLevel()))
                .append(" [")
                .append(Thread.currentThread().getName())
                .append("] ")
                .append(event.getLoggerName())
                .append(" - ")
                .append(formatMessage(event))
                .append(System.lineSeparator());
        if (event.getThrown() != null) {
            StringWriter trace = new StringWriter();
            event.getThrown().printStackTrace(new PrintWriter(trace, true));
            line.append(trace);
        }
        return line.toString();
    }

    private static void append(StringBuilder line, OffsetDateTime time) {
        digits(line, time.getYear(), 4);
        digits(line.append('-'), time.getMonthValue(), 2);
        digits(line.append('-'), time.getDayOfMonth(), 2);
        digits(line.append('T'), time.getHour(), 2);
        digits(line.append(':'), time.getMinute(), 2);
        digits(line.append(':'), time.getSecond(), 2);
        digits(line.append('.'), time.getNano() / NANOS_OF_A_MILLI, 3);
        line.append(time.getOffset().getId());
    }

    private static void digits(StringBuilder line, int number, int width) {
        String text = Integer.toString(number);
        for (int i = text.length(); i < width; i++) {
            line.append('0');
        }
        line.append(text);
    }

    private static String level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        } else if (value >= Level.WARNING.intValue()) {
            return "WARN ";
        } else if (value >= Level.INFO.intValue()) {
            return "INFO ";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }
}
