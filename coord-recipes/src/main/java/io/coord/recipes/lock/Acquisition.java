package io.coord.recipes.lock;

import io.coord.recipes.internal.call.Timer;
import io.coord.recipes.internal.queue.Contender;
import io.coord.recipes.internal.queue.QueueKind;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call of acquire, from its start to its end. The lock's queue owns it, but for the future. */
final class Acquisition {
    private static final byte[] NO_DATA = {};

    final QueueKind kind;
    /** Who will own the lease for re-entry and release: a thread or a {@link LockOwner}; null for nobody but the lease. */
    final @Nullable Object owner;
    /** Gives up as soon as somebody is in the way. */
    final boolean immediate;
    /** What its znode is to hold. */
    final byte[] data;

    /** Who completes it has decided how the call ends. */
    final CompletableFuture<Optional<Lease>> result = new CompletableFuture<>();

    /** Completes when no znode of this call is left: it never had one, or that has been deleted or ended with its session. */
    final CompletableFuture<Void> gone = new CompletableFuture<>();

    @Nullable
    Timer deadline;

    @Nullable
    Contender contender;
    /** It had a place in the queue, so the servers were in reach and others were before it. */
    boolean hasWaited;

    Acquisition(QueueKind kind, @Nullable Object owner, boolean immediate) {
        this(kind, owner, immediate, NO_DATA);
    }

    Acquisition(QueueKind kind, @Nullable Object owner, boolean immediate, byte[] data) {
        this.kind = kind;
        this.owner = owner;
        this.immediate = immediate;
        this.data = data;
    }
}
