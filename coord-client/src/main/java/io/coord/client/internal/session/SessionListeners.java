package io.coord.client.internal.session;

import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Who wants to know of the session, each on a queue of its own.
 *
 * <p>Thread-safe: the list is copied on write.
 */
final class SessionListeners {
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    Registration add(SessionListener listener, SerialExecutor queue) {
        Entry entry = new Entry(listener, queue);
        entries.add(entry);
        return entry;
    }

    void tell(SessionEvent event) {
        for (Entry each : entries) {
            each.tell(event);
        }
    }

    /** The events that wait for one listener. The monitor of the deque guards it and the count. */
    private final class Entry implements Registration {
        /** Beyond this a break of the connection that is over tells a listener nothing that it will not hear anyway. */
        private static final int MOST_WAITING = 1_000;

        private final SessionListener listener;
        private final SerialExecutor queue;
        private final Deque<SessionEvent> waiting = new ArrayDeque<>();
        private int tasks;
        private volatile boolean closed;

        Entry(SessionListener listener, SerialExecutor queue) {
            this.listener = listener;
            this.queue = queue;
        }

        void tell(SessionEvent event) {
            synchronized (waiting) {
                if (waiting.size() >= MOST_WAITING && endsTheBreakThatWaits(event)) {
                    waiting.removeLast();
                    return;
                }
                waiting.addLast(event);
                if (tasks >= waiting.size()) {
                    return;
                }
                tasks++;
            }
            queue.execute(this::deliver);
        }

        /** The listener is to hear of many breaks still, and will look again after each of them: so after this one, too. */
        private boolean endsTheBreakThatWaits(SessionEvent event) {
            SessionEvent last = waiting.getLast();
            return event.type() == SessionEvent.Type.RECONNECTED
                    && last.type() == SessionEvent.Type.SUSPENDED
                    && last.generation() == event.generation();
        }

        private void deliver() {
            SessionEvent event;
            synchronized (waiting) {
                tasks--;
                event = waiting.poll();
            }
            if (event != null && !closed) {
                listener.onSessionEvent(event);
            }
        }

        @Override
        public void close() {
            closed = true;
            entries.remove(this);
        }
    }
}
