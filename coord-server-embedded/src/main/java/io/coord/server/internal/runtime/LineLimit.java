package io.coord.server.internal.runtime;

import org.slf4j.Logger;

/**
 * Keeps clients from filling the log: so many lines about what they do wrong a second, and then the number of those that
 * were left out. The lines left out belong to level DEBUG. Owner thread only.
 */
public final class LineLimit {
    private static final int LINES = 20;
    private static final long WINDOW_MS = 1_000;

    private final Logger log;
    private final String what;
    private final Clock clock;
    private long windowStartMs;
    private int lines;
    private int leftOut;

    /** @param what the lines tell of, in the plural: "sessions that expired" */
    public LineLimit(Logger log, String what, Clock clock) {
        this.log = log;
        this.what = what;
        this.clock = clock;
        this.windowStartMs = clock.monotonicMs();
    }

    /** Whether a line may be written now; if not, it is counted. */
    public boolean permits() {
        onTick();
        if (lines < LINES) {
            lines++;
            return true;
        }
        leftOut++;
        return false;
    }

    /** To be called now and then: says, once a second is over, how many lines were left out in it. */
    public void onTick() {
        long now = clock.monotonicMs();
        if (now - windowStartMs < WINDOW_MS) {
            return;
        }
        if (leftOut > 0) {
            log.info("And {} more {}; level DEBUG has each of them", leftOut, what);
        }
        windowStartMs = now;
        lines = 0;
        leftOut = 0;
    }
}
