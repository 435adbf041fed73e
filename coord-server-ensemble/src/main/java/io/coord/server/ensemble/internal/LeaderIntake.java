package io.coord.server.ensemble.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Where a leader takes in what members submit, itself among them: each stream in its order, and nothing of it behind a gap. It
 * lives for one process, and begins anew with each term that this member leads. The links' thread.
 */
final class LeaderIntake {
    private static final long BROKEN = Long.MAX_VALUE;
    /** No term at all: this member does not lead. */
    static final long NONE = 0;

    /** Appends to the log of a leader. */
    @FunctionalInterface
    interface Log {
        /**
         * On the calling thread, so that calls that follow each other append in that order.
         *
         * @param onFailure told, on any thread, when it was not appended, or nobody knows. At once, before the call returns, when
         *     it was not appended
         */
        void append(byte[] entry, Runnable onFailure);
    }

    private static final class Stream {
        private long life;
        private long stream = -1;
        private long next;
    }

    private final Log log;
    private final Consumer<Runnable> thread;
    private final Map<Integer, Stream> streams = new HashMap<>();
    private long term = NONE;

    /** @param thread runs what it is given on the links' thread, later */
    LeaderIntake(Log log, Consumer<Runnable> thread) {
        this.log = log;
        this.thread = thread;
    }

    /** This member leads a term, or {@link #NONE}. */
    void onTerm(long led) {
        term = led;
        streams.clear();
    }

    long term() {
        return term;
    }

    /**
     * Takes a batch into the log, or not.
     *
     * @param onBroken told on the links' thread that nothing more of the batch's stream is taken, and that nobody knows of what was
     */
    void accept(int from, BatchHeader header, byte[] entry, Runnable onBroken) {
        if (term == NONE || header.term() != term) {
            onBroken.run();
            return;
        }
        Stream current = streams.computeIfAbsent(from, each -> new Stream());
        if (header.life() != current.life || header.stream() > current.stream) {
            current.life = header.life();
            current.stream = header.stream();
            current.next = 0;
        }
        if (header.stream() < current.stream) {
            // Its sender has given it up.
            return;
        }
        if (header.number() != current.next) {
            current.next = BROKEN;
            onBroken.run();
            return;
        }
        current.next++;
        long takenIn = term;
        Thread own = Thread.currentThread();
        log.append(entry, () -> {
            if (Thread.currentThread() == own) {
                // What follows must not be appended, and may be next.
                current.next = BROKEN;
            }
            thread.accept(() -> onNotAppended(from, header, takenIn, onBroken));
        });
    }

    private void onNotAppended(int from, BatchHeader header, long takenIn, Runnable onBroken) {
        Stream current = streams.get(from);
        if (takenIn == term && current != null && current.life == header.life() && current.stream == header.stream()) {
            current.next = BROKEN;
        }
        onBroken.run();
    }
}
