package io.coord.spring.method;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How the end of a method shows in what it returns. */
public enum ReturnKind {
    /** It is over when the call returns; "nothing" is {@code null}. */
    VALUE,
    /** As {@link #VALUE}; "nothing" has no value. */
    PRIMITIVE,
    /** As {@link #VALUE}; "nothing" is an empty {@code Optional}. */
    OPTIONAL,
    /** It is over when the {@code CompletionStage} or {@code CompletableFuture} that the call returns is complete. */
    STAGE,
    /** It begins when the {@code Mono} is subscribed to and is over when that ends. */
    MONO,
    /** It begins when the {@code Flux} is subscribed to and is over when that ends. */
    FLUX,
    /** It is over at some other time that nobody can tell us. */
    UNKNOWN;

    public static ReturnKind of(Class<?> type) {
        if (type.isPrimitive()) {
            return type == void.class ? VALUE : PRIMITIVE;
        }
        if (type == CompletionStage.class || type == CompletableFuture.class) {
            return STAGE;
        }
        if (type == Optional.class) {
            return OPTIONAL;
        }
        // By name: Reactor need not be there.
        if (type.getName().equals("reactor.core.publisher.Mono")) {
            return MONO;
        }
        if (type.getName().equals("reactor.core.publisher.Flux")) {
            return FLUX;
        }
        ReactiveAdapterRegistry reactive = ReactiveAdapterRegistry.getSharedInstance();
        boolean promise = Future.class.isAssignableFrom(type)
                || CompletionStage.class.isAssignableFrom(type)
                || Flow.Publisher.class.isAssignableFrom(type)
                || (reactive.hasAdapters() && reactive.getAdapter(type) != null);
        return promise ? UNKNOWN : VALUE;
    }

    /**
     * What a call returns that did nothing.
     *
     * @throws IllegalStateException for a kind that has no such value
     */
    public @Nullable Object nothing() {
        return switch (this) {
            case VALUE -> null;
            case OPTIONAL -> Optional.empty();
            case STAGE -> CompletableFuture.completedFuture(null);
            case MONO -> Reactive.mono();
            case FLUX -> Reactive.flux();
            case PRIMITIVE, UNKNOWN -> throw new IllegalStateException(this + " has no value for nothing");
        };
    }

    /** Loads Reactor only when a method needs it. */
    private static final class Reactive {

        static Object mono() {
            return Mono.empty();
        }

        static Object flux() {
            return Flux.empty();
        }
    }
}
