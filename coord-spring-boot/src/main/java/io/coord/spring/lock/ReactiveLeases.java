package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The leases that a {@code Mono} or {@code Flux} of a locked method works under, whatever threads it uses. They travel in Reactor's
 * context.
 */
public final class ReactiveLeases {

    private static final Object KEY = ReactiveLeases.class;

    private ReactiveLeases() {}

    /** The lease of the innermost locked method that the subscriber's sequence is part of; empty outside of one. */
    public static Mono<Lease> current() {
        return Mono.deferContextual(context -> {
            List<Holding> holdings = holdings(context);
            return holdings.isEmpty() ? Mono.empty() : Mono.just(holdings.get(0).lease());
        });
    }

    /** Innermost first. */
    private static List<Holding> holdings(ContextView context) {
        return context.hasKey(KEY) ? context.get(KEY) : List.of();
    }

    static @Nullable Holding find(ContextView context, LockRequest request) {
        for (Holding holding : holdings(context)) {
            if (holding.isOf(request)) {
                return holding;
            }
        }
        return null;
    }

    static Context with(Context context, Holding holding) {
        List<Holding> holdings = new ArrayList<>();
        holdings.add(holding);
        holdings.addAll(holdings(context));
        return context.put(KEY, List.copyOf(holdings));
    }
}
