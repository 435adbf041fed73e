package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leases that the calling thread runs under. They do not travel to other threads: hand the {@link Lease} itself to those. Where
 * a {@code Mono} or {@code Flux} works, {@link ReactiveLeases} knows them.
 */
public final class Leases {

    private static final ThreadLocal<Deque<Holding>> HOLDINGS = new ThreadLocal<>();

    private Leases() {}

    /** The lease of the innermost locked method that the calling thread runs; empty outside of one. */
    public static Optional<Lease> current() {
        Deque<Holding> holdings = HOLDINGS.get();
        return holdings == null
                ? Optional.empty()
                : Optional.of(holdings.getFirst().lease());
    }

    static @Nullable Holding find(LockRequest request) {
        Deque<Holding> holdings = HOLDINGS.get();
        if (holdings != null) {
            for (Holding holding : holdings) {
                if (holding.isOf(request)) {
                    return holding;
                }
            }
        }
        return null;
    }

    static void enter(Holding holding) {
        Deque<Holding> holdings = HOLDINGS.get();
        if (holdings == null) {
            holdings = new ArrayDeque<>(2);
            HOLDINGS.set(holdings);
        }
        holdings.addFirst(holding);
    }

    static void exit() {
        Deque<Holding> holdings = HOLDINGS.get();
        holdings.removeFirst();
        if (holdings.isEmpty()) {
            HOLDINGS.remove();
        }
    }
}
