package io.coord.server.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LineLimitTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(LineLimitTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ManualClock clock = new ManualClock();
    private final LineLimit limit = new LineLimit(log, "guests who came late", clock);

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(lines);
    }

    @Test
    void permitsTwentyLinesASecond() {
        assertThat(permittedOf(100)).isEqualTo(20);
        clock.pass(999);
        assertThat(permittedOf(100)).isZero();
        clock.pass(1);
        assertThat(permittedOf(100)).isEqualTo(20);
    }

    @Test
    void saysOnceHowManyWereLeftOut() {
        permittedOf(120);
        clock.pass(1_000);
        limit.onTick();
        clock.pass(1_000);
        limit.onTick();
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("And 100 more guests who came late; level DEBUG has each of them");
    }

    @Test
    void saysNothingWhenNoneWasLeftOut() {
        permittedOf(20);
        clock.pass(1_000);
        limit.onTick();
        assertThat(lines.list).isEmpty();
    }

    private int permittedOf(int asked) {
        int permitted = 0;
        for (int i = 0; i < asked; i++) {
            permitted += limit.permits() ? 1 : 0;
        }
        return permitted;
    }
}
