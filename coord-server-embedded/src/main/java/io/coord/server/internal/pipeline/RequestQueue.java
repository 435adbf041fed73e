package io.coord.server.internal.pipeline;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection that have no reply yet, in the order in which they came. A write is held by the replicator,
 * whatever becomes of its connection, so its bytes count in the sum of all until it is settled; any other request is held
 * from here only.
 */
final class RequestQueue {
    private final ArrayDeque<QueuedRequest> requests = new ArrayDeque<>(4);
    private final HeldBytes all;
    private long bytes;

    RequestQueue(HeldBytes all) {
        this.all = all;
    }

    void add(QueuedRequest queued) {
        requests.add(queued);
        bytes += queued.bytes;
        all.add(queued.bytes);
    }

    @Nullable
    QueuedRequest peek() {
        return requests.peek();
    }

    /** Takes away the first one. */
    void remove() {
        QueuedRequest first = requests.remove();
        bytes -= first.bytes;
        forget(first);
    }

    void clear() {
        requests.forEach(this::forget);
        requests.clear();
        bytes = 0;
    }

    /** The replicator is done with a write that was added here. To be called once for each. */
    void onSettled(QueuedRequest write) {
        all.remove(write.bytes);
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    int size() {
        return requests.size();
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
