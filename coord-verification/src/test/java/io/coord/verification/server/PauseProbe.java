package io.coord.verification.server;

import com.sun.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What holds up everyone in this process, collections apart from the server's own thread: each millisecond it asks that
 * thread for a sign of life and looks for collections since the last time. Thread-safe.
 */
final class PauseProbe {
    private static final long PERIOD_NANOS = 1_000_000;

    private final @Nullable Runnable roundTrip;
    private final List<GarbageCollectorMXBean> collectors =
            ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
    private long collections;
    private long longestCollectionNanos;
    private long longestTurnNanos;

    private PauseProbe(@Nullable Runnable roundTrip) {
        this.roundTrip = roundTrip;
    }

    /** @param roundTrip returns when the server's thread has had a turn for it; null when there is no such way */
    static PauseProbe start(@Nullable Runnable roundTrip) {
        PauseProbe probe = new PauseProbe(roundTrip);
        probe.look();
        Thread thread = new Thread(
                () -> {
                    while (true) {
                        LockSupport.parkNanos(PERIOD_NANOS);
                        probe.look();
                    }
                },
                "pause-probe");
        thread.setDaemon(true);
        thread.start();
        return probe;
    }

    private void look() {
        long start = System.nanoTime();
        if (roundTrip != null) {
            roundTrip.run();
        }
        add(System.nanoTime() - start);
    }

    /** A wait with a collection in it says nothing about the thread. */
    private synchronized void add(long turnNanos) {
        long before = collections;
        collections = 0;
        for (GarbageCollectorMXBean each : collectors) {
            collections += each.getCollectionCount();
        }
        if (collections == before) {
            longestTurnNanos = Math.max(longestTurnNanos, turnNanos);
            return;
        }
        for (GarbageCollectorMXBean each : collectors) {
            if (each.getLastGcInfo() != null) {
                longestCollectionNanos =
                        Math.max(longestCollectionNanos, each.getLastGcInfo().getDuration() * 1_000_000);
            }
        }
    }

    /** The longest collection since the last call, to the millisecond; the short pauses of a concurrent marking are not in it. */
    synchronized long longestCollectionNanos() {
        long longest = longestCollectionNanos;
        longestCollectionNanos = 0;
        return longest;
    }

    /** How long a sign of life took at most since the last call, collections aside; 0 when there is no way to ask. */
    synchronized long longestTurnNanos() {
        long longest = longestTurnNanos;
        longestTurnNanos = 0;
        return longest;
    }
}
