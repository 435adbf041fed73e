package io.coord.recipes.internal.queue;

import java.util.function.Consumer;

/** Brings about the refusal that a reader hears when the place to inherit is lost. */
public final class RefusedInheritance {
    private RefusedInheritance() {}

    public static void tell(Consumer<RuntimeException> listener) {
        FakeQueue queue = new FakeQueue();
        FakeQueue.Client writer = queue.client(1, QueueKind.WRITE).start();
        queue.settle();
        FakeQueue.Client reader = queue.inheriting(writer, QueueKind.READ).start();
        reader.expire();
        listener.accept(reader.refusal);
    }
}
