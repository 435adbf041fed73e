package io.coord.verification.simulation;

import java.util.PriorityQueue;

/** What is to happen, by simulated time; what is due at the same moment happens in the order in which it was planned. */
final class EventQueue {
    /** Something planned, which may be called off. */
    static final class Event implements Comparable<Event> {
        private final long timeNs;
        private final long sequence;
        private final Runnable action;
        private boolean cancelled;

        private Event(long timeNs, long sequence, Runnable action) {
            this.timeNs = timeNs;
            this.sequence = sequence;
            this.action = action;
        }

        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(timeNs, other.timeNs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNs;
    private long planned;

    long nowNs() {
        return nowNs;
    }

    Event in(long delayNs, Runnable action) {
        Event event = new Event(nowNs + Math.max(0, delayNs), planned++, action);
        events.add(event);
        return event;
    }

    /** @return false when nothing is due up to that time, which is then now */
    boolean runNext(long untilNs) {
        while (true) {
            Event next = events.peek();
            if (next == null || next.timeNs > untilNs) {
                nowNs = untilNs;
                return false;
            }
            events.remove();
            if (!next.cancelled) {
                nowNs = next.timeNs;
                next.action.run();
                return true;
            }
        }
    }
}
