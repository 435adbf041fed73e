package io.coord.verification.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What happened, as one number that two runs of a seed must agree on, and its last lines for whoever looks at a failure. */
final class Trace {
    private static final int KEPT_LINES = Integer.getInteger("coord.simulation.trace", 150);
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final EventQueue queue;
    private final Deque<Line> tail = new ArrayDeque<>(KEPT_LINES);
    private long hash = FNV_OFFSET;

    Trace(EventQueue queue) {
        this.queue = queue;
    }

    void add(String line) {
        long hashed = hash ^ queue.nowNs();
        for (int i = 0; i < line.length(); i++) {
            hashed = (hashed ^ line.charAt(i)) * FNV_PRIME;
        }
        hash = hashed * FNV_PRIME;
        if (tail.size() == KEPT_LINES) {
            tail.removeFirst();
        }
        tail.addLast(new Line(queue.nowNs(), line));
    }

    long hash() {
        return hash;
    }

    List<String> tail() {
        return tail.stream()
                .map(line -> String.format("%9.3f ms  %s", line.nowNs() / 1e6, line.text()))
                .toList();
    }

    private record Line(long nowNs, String text) {}
}
