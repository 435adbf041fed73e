package io.coord.recipes.lock;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What a lock protects: it notes whenever somebody is inside who must not be. Thread-safe: atomic counters. */
final class SharedResource {
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicInteger writers = new AtomicInteger();
    private final AtomicInteger mostReaders = new AtomicInteger();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private int unprotected;

    void read(String who) {
        mostReaders.accumulateAndGet(readers.incrementAndGet(), Math::max);
        if (writers.get() > 0) {
            violations.add(who + " reads beside a writer");
        }
        linger();
        if (writers.get() > 0) {
            violations.add("a writer came while " + who + " reads");
        }
        readers.decrementAndGet();
    }

    /** A writer leaves as a reader: it goes on to keep writers out. */
    void write(String who, boolean staysAsReader) {
        if (writers.incrementAndGet() > 1 || readers.get() > 0) {
            violations.add(who + " writes beside " + writers.get() + " writers and " + readers.get() + " readers");
        }
        int seen = unprotected;
        linger();
        unprotected = seen + 1;
        if (writers.get() > 1 || readers.get() > 0) {
            violations.add("somebody came while " + who + " writes");
        }
        if (staysAsReader) {
            readers.incrementAndGet();
        }
        writers.decrementAndGet();
    }

    /** Makes the time inside long enough for others to come in. */
    static void linger() {
        for (int i = 0; i < 2000; i++) {
            Thread.onSpinWait();
        }
    }

    void stopReading(String who) {
        if (writers.get() > 0) {
            violations.add("a writer came before " + who + " gave up what it had kept");
        }
        readers.decrementAndGet();
    }

    /** How often it was written; an update is lost if two wrote at once. */
    int writes() {
        return unprotected;
    }

    int mostReaders() {
        return mostReaders.get();
    }

    Queue<String> violations() {
        return violations;
    }
}
