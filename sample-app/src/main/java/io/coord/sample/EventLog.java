package io.coord.sample;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What this instance has seen happen, for the page. Thread-safe: guarded by its monitor. */
@Component
class EventLog {

    private static final Logger logger = LoggerFactory.getLogger(EventLog.class);
    private static final int KEPT = 50;

    /** @param at milliseconds since 1970 */
    record Event(long at, String text) {}

    private final Clock clock = Clock.systemUTC();
    private final Deque<Event> events = new ArrayDeque<>(KEPT);

    void add(String text) {
        logger.info("{}", text);
        synchronized (this) {
            if (events.size() == KEPT) {
                events.removeFirst();
            }
            events.addLast(new Event(clock.millis(), text));
        }
    }

    /** Newest first. */
    synchronized List<Event> latest() {
        List<Event> latest = new ArrayList<>(events);
        Collections.reverse(latest);
        return latest;
    }
}
