package io.coord.verification.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/**
 * What the code under test logs as an error: a defect that it caught and survived, or a buffer that Netty found leaked. Bad
 * input is no reason for either. Everything below an error is not printed. Thread-safe.
 */
final class Complaints {
    /** From the first use of a target on. */
    static final Complaints ALL = new Complaints();

    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final Logger root;
    private final Logger ours;
    private final Level rootLevel;
    private final Level oursLevel;
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                errors.add(event.getFormattedMessage() + '\n' + ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
    };

    private Complaints() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ours = context.getLogger("io.coord");
        rootLevel = root.getLevel();
        oursLevel = ours.getLevel();
        root.setLevel(Level.ERROR);
        ours.setLevel(Level.ERROR);
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
    }

    /** Fails when something was complained of since the last call. */
    void isNone() {
        String first = errors.poll();
        if (first != null) {
            errors.clear();
            throw new AssertionError("logged as an error: " + first);
        }
    }

    /** For the normal build, which has other tests behind these. */
    void end() {
        root.detachAppender(appender);
        root.setLevel(rootLevel);
        ours.setLevel(oursLevel);
    }
}
