package io.coord.recipes.lock;

import io.coord.recipes.internal.call.Timer;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.QueueKind;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call of acquire, from its start to its end. The lock's queue owns it, but for the future. */
final class Acquisition {
    final QueueKind kind;
    /** The thread that will own the lease for re-entry and release; null for asynchronous calls. */
    final @Nullable Thread thread;
    /** Gives up as soon as somebody is in the way. */
    final boolean immediate;

    /** Who completes it has decided how the call ends. */
    final CompletableFuture<Optional<Lease>> result = new CompletableFuture<>();

    @Nullable
    Timer deadline;

    @Nullable
    Contender contender;
    /** It had a place in the queue, so the servers were in reach and others were before it. */
    boolean hasWaited;

    Acquisition(QueueKind kind, @Nullable Thread thread, boolean immediate) {
        this.kind = kind;
        this.thread = thread;
        this.immediate = immediate;
    }
}
