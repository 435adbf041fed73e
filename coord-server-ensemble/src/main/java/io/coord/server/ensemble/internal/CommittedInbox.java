package io.coord.server.ensemble.internal;

import io.coord.server.internal.runtime.StateMailbox;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What the log has for the owner, in the log's order. Thread-safe: any thread puts, the owner takes, a slice in each of its turns.
 * Bounded: who puts waits while there is too much, for nothing of this may be dropped before {@link #close}.
 */
final class CommittedInbox {
    private static final long MOST_BYTES = 16 << 20;
    private static final int SLICE_BYTES = 1 << 20;
    private static final int SLICE_MESSAGES = 64;

    private record Message(Runnable action, int bytes) {}

    private final StateMailbox mailbox;
    private final Runnable onSliceEnd;
    private final Deque<Message> messages = new ArrayDeque<>();
    private long waitingBytes;
    private boolean draining;
    private boolean closed;

    /** @param onSliceEnd runs on the owner behind the last message of a turn */
    CommittedInbox(StateMailbox mailbox, Runnable onSliceEnd) {
        this.mailbox = mailbox;
        this.onSliceEnd = onSliceEnd;
    }

    /**
     * Waits while there is too much.
     *
     * @param bytes that the message holds on to
     */
    void put(Runnable action, int bytes) {
        boolean wake;
        synchronized (this) {
            boolean interrupted = false;
            while (waitingBytes > MOST_BYTES && !closed) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            wake = add(action, bytes);
        }
        if (wake) {
            mailbox.offer(this::drain);
        }
    }

    /** Never waits: for short messages of threads that must not. */
    void tell(Runnable action) {
        boolean wake;
        synchronized (this) {
            wake = add(action, 0);
        }
        if (wake) {
            mailbox.offer(this::drain);
        }
    }

    private boolean add(Runnable action, int bytes) {
        if (closed) {
            return false;
        }
        messages.addLast(new Message(action, bytes));
        waitingBytes += bytes;
        boolean wake = !draining;
        draining = true;
        return wake;
    }

    private void drain() {
        int taken = 0;
        long bytes = 0;
        while (taken < SLICE_MESSAGES && bytes < SLICE_BYTES) {
            @Nullable Message next = next();
            if (next == null) {
                break;
            }
            next.action.run();
            taken++;
            bytes += next.bytes;
        }
        if (taken > 0) {
            onSliceEnd.run();
        }
        synchronized (this) {
            if (messages.isEmpty()) {
                draining = false;
                return;
            }
        }
        mailbox.offerBehindInput(this::drain);
    }

    private synchronized @Nullable Message next() {
        @Nullable Message next = messages.pollFirst();
        if (next != null) {
            waitingBytes -= next.bytes;
            notifyAll();
        }
        return next;
    }

    /** Drops what is there and what comes. */
    synchronized void close() {
        closed = true;
        messages.clear();
        waitingBytes = 0;
        notifyAll();
    }
}
