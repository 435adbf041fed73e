package io.coord.recipes.discovery;

import io.coord.recipes.internal.call.Callers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Which instances callers had too many errors with lately. An instance that has registered anew begins anew.
 *
 * <p>Thread-safe: a concurrent map of immutable counts.
 */
final class DownInstances {
    private final int errorsUntilDown;
    private final long windowNs;
    private final LongSupplier clockNs;
    private final Map<Key, Errors> errors = new ConcurrentHashMap<>();

    private record Key(String id, long registrationTimeUtc) {}

    private record Errors(int count, long firstNs) {}

    /** @param clockNs monotonic */
    DownInstances(int errorsUntilDown, Duration window, LongSupplier clockNs) {
        this.errorsUntilDown = errorsUntilDown;
        this.windowNs = Callers.nanos(window);
        this.clockNs = clockNs;
    }

    void noteError(ServiceInstance<?> instance) {
        long now = clockNs.getAsLong();
        errors.values().removeIf(each -> isOver(each, now));
        errors.merge(keyOf(instance), new Errors(1, now), (old, one) -> new Errors(old.count() + 1, old.firstNs()));
    }

    boolean isDown(ServiceInstance<?> instance) {
        Errors noted = errors.get(keyOf(instance));
        return noted != null && noted.count() >= errorsUntilDown && !isOver(noted, clockNs.getAsLong());
    }

    private boolean isOver(Errors noted, long nowNs) {
        return nowNs - noted.firstNs() >= windowNs;
    }

    private static Key keyOf(ServiceInstance<?> instance) {
        return new Key(instance.id(), instance.registrationTimeUtc());
    }
}
