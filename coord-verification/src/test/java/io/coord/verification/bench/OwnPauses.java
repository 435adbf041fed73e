package io.coord.verification.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * How long the thread of the load generator did not run though it never sleeps: something else had its processor, the
 * compiler of its own JVM among others. An open loop would count that as the latency of whatever server it talks to.
 */
final class OwnPauses {
    /** Shorter ones are the clock's. */
    private static final long SHORTEST_NANOS = 50_000;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long lastNanos = System.nanoTime();
    private long lastCpuNanos = threads.getCurrentThreadCpuTime();
    private long pauseStart = lastNanos;
    private long pauseEnd = lastNanos;
    private long sum;

    /** To be called in each round of the thread. */
    void look(long now) {
        long cpu = threads.getCurrentThreadCpuTime();
        long lost = (now - lastNanos) - (cpu - lastCpuNanos);
        if (lost > SHORTEST_NANOS) {
            sum += lost;
            pauseEnd = now;
            pauseStart = now - lost;
        }
        lastNanos = now;
        lastCpuNanos = cpu;
    }

    /** Nanoseconds of all pauses so far. */
    long sum() {
        return sum;
    }

    /** As {@link #sum()}, up to a moment that is not before the last pause but one. */
    long sumUntil(long moment) {
        return sum - Math.max(0, pauseEnd - Math.max(moment, pauseStart));
    }
}
