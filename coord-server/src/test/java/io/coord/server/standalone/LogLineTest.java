package io.coord.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLineTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.006Z");

    private static LogRecord event(Level level, String text) {
        LogRecord event = new LogRecord(level, text);
        event.setInstant(TIME);
        event.setLoggerName("io.coord.Some");
        return event;
    }

    @Test
    void saysWhenWhatWhoAndWhere() {
        String line = new LogLine(ZoneOffset.UTC).format(event(Level.WARNING, "it happened"));
        assertThat(line)
                .isEqualTo("2026-01-02T03:04:05.006Z WARN  ["
                        + Thread.currentThread().getName() + "] io.coord.Some - it happened" + System.lineSeparator());
    }

    @Test
    void theTimeIsThatOfTheZoneAndCanBeReadByAnybody() {
        String line = new LogLine(ZoneId.of("Asia/Kolkata")).format(event(Level.INFO, "x"));
        String time = line.substring(0, line.indexOf(' '));
        assertThat(time).isEqualTo("2026-01-02T08:34:05.006+05:30");
        assertThat(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(time, Instant::from))
                .isEqualTo(TIME);
    }

    @Test
    void levelsHaveTheNamesThatOperatorsKnow() {
        assertThat(level(Level.SEVERE)).isEqualTo("ERROR");
        assertThat(level(Level.INFO)).isEqualTo("INFO");
        assertThat(level(Level.FINE)).isEqualTo("DEBUG");
        assertThat(level(Level.FINEST)).isEqualTo("TRACE");
    }

    @Test
    void aFailureComesWithItsTrace() {
        LogRecord event = event(Level.SEVERE, "failed");
        event.setThrown(new IllegalStateException("because"));
        assertThat(new LogLine(ZoneOffset.UTC).format(event))
                .contains("failed" + System.lineSeparator() + "java.lang.IllegalStateException: because")
                .contains("at io.coord.server.standalone.LogLineTest");
    }

    private static String level(Level level) {
        return new LogLine(ZoneOffset.UTC).format(event(level, "x")).split(" ", -1)[1];
    }
}
