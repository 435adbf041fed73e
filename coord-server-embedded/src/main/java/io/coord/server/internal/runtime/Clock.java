package io.coord.server.internal.runtime;

/** Both kinds of time, so that a test can make its own. Thread-safe. */
public interface Clock {
    Clock SYSTEM = new Clock() {
        @Override
        public long wallMs() {
            return System.currentTimeMillis();
        }

        @Override
        public long monotonicMs() {
            return System.nanoTime() / 1_000_000;
        }
    };

    /** Milliseconds since the epoch; may jump. For stats of znodes only. */
    long wallMs();

    /** Milliseconds since some moment; never goes back. For everything that waits. */
    long monotonicMs();
}
