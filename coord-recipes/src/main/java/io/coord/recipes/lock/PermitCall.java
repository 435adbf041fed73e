package io.coord.recipes.lock;

import io.coord.recipes.internal.call.Timer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call that asks a semaphore for permits, from its start to its end. The semaphore's queue owns it, but for the future. */
final class PermitCall {
    final int permits;
    /** Gives up as soon as it would have to wait. */
    final boolean immediate;
    /** What its znodes are to hold. */
    final byte[] data;

    /** Who completes it has decided how the call ends. */
    final CompletableFuture<Optional<List<Lease>>> result = new CompletableFuture<>();

    @Nullable
    Timer deadline;
    /** It stood in line, so the servers were in reach and others were before it. */
    boolean hasWaited;

    PermitCall(int permits, boolean immediate, byte[] data) {
        this.permits = permits;
        this.immediate = immediate;
        this.data = data;
    }
}
