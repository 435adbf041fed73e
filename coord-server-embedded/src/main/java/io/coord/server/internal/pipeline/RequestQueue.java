package io.coord.server.internal.pipeline;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection that have no reply yet, in the order in which they came. A write is held by the replicator,
 * whatever becomes of its connection, so its bytes count in the sum of all until it is settled; any other request is held
 * from here only.
 *
 * <p>A list through the requests themselves: most connections are idle, and their queues should weigh nothing.
 */
final class RequestQueue {
    private final HeldBytes all;
    private @Nullable QueuedRequest first;
    private @Nullable QueuedRequest last;
    private int size;
    private long bytes;

    RequestQueue(HeldBytes all) {
        this.all = all;
    }

    void add(QueuedRequest queued) {
        QueuedRequest before = last;
        if (before == null) {
            first = queued;
        } else {
            before.next = queued;
        }
        last = queued;
        size++;
        bytes += queued.bytes;
        all.add(queued.bytes);
    }

    @Nullable
    QueuedRequest peek() {
        return first;
    }

    /** Takes away the first one. */
    void remove() {
        QueuedRequest removed = first;
        if (removed == null) {
            throw new NoSuchElementException("the queue is empty");
        }
        first = removed.next;
        removed.next = null;
        if (first == null) {
            last = null;
        }
        size--;
        bytes -= removed.bytes;
        forget(removed);
    }

    void clear() {
        while (first != null) {
            remove();
        }
    }

    /** The replicator is done with a write that was added here. To be called once for each. */
    void onSettled(QueuedRequest write) {
        all.remove(write.bytes);
    }

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    /** Of the frames of all that are queued. */
    long bytes() {
        return bytes;
    }

    private void forget(QueuedRequest left) {
        if (!left.isWrite) {
            all.remove(left.bytes);
        }
    }
}
