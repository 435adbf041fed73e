package io.coord.client.internal.session;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The stages that got their outcome in one turn of the network thread: one hand-over for all of them. Owned by the network
 * thread.
 */
final class StageBatch {
    private final Executor callbacks;
    private @Nullable StageResult<?> first;
    private @Nullable StageResult<?> last;

    StageBatch(Executor callbacks) {
        this.callbacks = callbacks;
    }

    void add(StageResult<?> stage) {
        StageResult<?> before = last;
        if (before == null) {
            first = stage;
        } else {
            before.next = stage;
        }
        last = stage;
    }

    void handOver() {
        StageResult<?> head = first;
        if (head == null) {
            return;
        }
        first = null;
        last = null;
        callbacks.execute(() -> complete(head));
    }

    private static void complete(StageResult<?> head) {
        StageResult<?> stage = head;
        while (stage != null) {
            StageResult<?> next = stage.next;
            stage.next = null;
            stage.completeNow();
            stage = next;
        }
    }
}
