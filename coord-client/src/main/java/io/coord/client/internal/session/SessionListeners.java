package io.coord.client.internal.session;

import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import io.coord.client.session.SessionEvent;
import io.coord.client.session.SessionListener;
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

    private final class Entry implements Registration {
        private final SessionListener listener;
        private final SerialExecutor queue;
        private volatile boolean closed;

        Entry(SessionListener listener, SerialExecutor queue) {
            this.listener = listener;
            this.queue = queue;
        }

        void tell(SessionEvent event) {
            queue.execute(() -> {
                if (!closed) {
                    listener.onSessionEvent(event);
                }
            });
        }

        @Override
        public void close() {
            closed = true;
            entries.remove(this);
        }
    }
}
