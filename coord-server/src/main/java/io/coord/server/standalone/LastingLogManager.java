package io.coord.server.standalone;

import java.util.logging.LogManager;

/**
 * Keeps the log open while the JVM shuts down. The JDK's own closes it at once, in a thread beside ours, and what the server says
 * while it stops would be lost.
 */
public final class LastingLogManager extends LogManager {
    private volatile boolean ended;

    /** Made by the JDK, by its name in a system property. */
    public LastingLogManager() {}

    @Override
    public void reset() {
        if (ended) {
            super.reset();
        }
    }

    /** Closes the log: from the reset on that follows. */
    void end() {
        ended = true;
        reset();
    }
}
